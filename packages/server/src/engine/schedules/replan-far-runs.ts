import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';
import { findJitter } from './find-jitter.ts';
import type { ScheduleTicks } from './next-run.ts';
import { selectPlannedSyncs, type PlannedRow } from './queries/select-planned-syncs.ts';
import { setNextRuns, type NextRun } from './queries/set-next-runs.ts';

const batchSize = 5_000;

/**
 * Brings back to their next tick the syncs that are due later than that: they were planned before the clock was set back.
 * Looks at every schedule, so it is for a start and for such a moment.
 * @returns how many
 */
export async function replanFarRuns(
  database: Kysely<Schema>,
  { ticks, now }: { ticks: ScheduleTicks; now: Date },
): Promise<number> {
  let mended = 0;
  let after: number | string = 0;
  for (;;) {
    const page = { now, after, limit: batchSize };
    const rows = await selectPlannedSyncs(database, { ...page, lock: false });
    // Few starts find one, and locking writes to every row.
    if (rows.some((row) => findFar(row, { ticks, now }))) {
      mended += await database.transaction().execute(async (transaction) => {
        const locked = await selectPlannedSyncs(transaction, { ...page, lock: true });
        const moves = locked.flatMap((row) => findFar(row, { ticks, now }) ?? []);
        await setNextRuns(transaction, moves);
        return moves.length;
      });
    }
    const last = rows.at(-1);
    if (rows.length < batchSize || !last) return mended;
    after = last.id;
  }
}

function findFar(row: PlannedRow, { ticks, now }: { ticks: ScheduleTicks; now: Date }): NextRun | undefined {
  const grid = { anchorMs: row.anchor_ms, offsetMs: findJitter(row.id, row.schedule) };
  try {
    const nextMs = ticks.next(row.schedule, grid, now.getTime());
    if (nextMs === undefined || nextMs >= row.next_run_at.getTime()) return undefined;
    return { syncId: row.id, nextRunAt: new Date(nextMs) };
  } catch {
    // The scheduler says so when it comes due.
    return undefined;
  }
}
