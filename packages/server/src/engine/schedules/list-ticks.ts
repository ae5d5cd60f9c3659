import type { Kysely } from 'kysely';
import type { Page, Tick } from '@tenon/runtime/contract';
import { cursorInvalid } from '../../database/pages/cursor-invalid.ts';
import type { Schema } from '../../database/schema.ts';
import { findSyncId } from './queries/find-sync-id.ts';
import { selectSkippedTicks, type SkippedRow } from './queries/select-skipped-ticks.ts';
import { selectTickRuns, type TickRun } from './queries/select-tick-runs.ts';
import { syncMissing, type SyncAddress } from './sync-address.ts';

/**
 * The times at which a sync was due, the latest first: its runs and its skipped ticks, merged. Each of the two lists is
 * read on from where the page before left it, which the cursor says, so that nothing is left out or comes twice. A period
 * in which the sync is paused, or waits, is in the list when it has ended.
 * @throws TenonError `not_found`; `request_invalid` for a cursor that no page gave
 */
export async function listTicks(
  database: Kysely<Schema>,
  { cursor, limit, ...address }: SyncAddress & { cursor?: string | undefined; limit: number },
): Promise<Page<Tick>> {
  const syncId = await findSyncId(database, address);
  if (syncId === undefined) throw syncMissing(address);
  const place = cursor === undefined ? {} : readCursor(cursor);
  const [runs, skipped] = await Promise.all([
    selectTickRuns(database, { syncId, before: place.run, limit: limit + 1 }),
    selectSkippedTicks(database, { syncId, before: place.skipped, limit: limit + 1 }),
  ]);
  const items: Tick[] = [];
  const left = { runs: [...runs], skipped: [...skipped] };
  let { run, skipped: last } = place;
  while (items.length < limit) {
    const [nextRun] = left.runs;
    const [nextSkipped] = left.skipped;
    if (nextRun && (!nextSkipped || nextRun.due_at >= nextSkipped.due_at)) {
      left.runs.shift();
      items.push(ranTick(nextRun));
      run = nextRun.id;
    } else if (nextSkipped) {
      left.skipped.shift();
      items.push(skippedTick(nextSkipped));
      last = { dueAt: nextSkipped.due_at, id: String(nextSkipped.id) };
    } else break;
  }
  const more = left.runs.length + left.skipped.length > 0;
  return { items, nextCursor: more ? writeCursor({ run, skipped: last }) : null };
}

interface Place {
  readonly run?: string | undefined;
  readonly skipped?: { readonly dueAt: Date; readonly id: string } | undefined;
}

function writeCursor({ run = '', skipped }: Place): string {
  return [run, skipped?.dueAt.getTime() ?? '', skipped?.id ?? ''].join('_');
}

function readCursor(cursor: string): Place {
  const [whole, run, dueMs, id] =
    /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})?_(?:(\d{1,15})_(\d{1,18})|_)$/.exec(cursor) ?? [];
  if (whole === undefined) throw cursorInvalid();
  return { run, skipped: dueMs === undefined || id === undefined ? undefined : { dueAt: new Date(Number(dueMs)), id } };
}

function ranTick({ id, due_at, started_at }: TickRun): Tick {
  const dueAt = due_at.toISOString();
  const lateMs = started_at && started_at.getTime() - due_at.getTime();
  return { dueAt, outcome: 'ran', reason: null, ticks: 1, untilAt: dueAt, runId: id, lateMs };
}

function skippedTick({ due_at, until_at, ticks, reason, run_id }: SkippedRow): Tick {
  return {
    dueAt: due_at.toISOString(),
    outcome: 'skipped',
    reason,
    ticks,
    untilAt: until_at.toISOString(),
    runId: run_id,
    lateMs: null,
  };
}
