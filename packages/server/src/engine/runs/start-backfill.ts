import { TenonError } from '@tenon/runtime/errors';
import type { BackfillRange, Run, SyncManifest } from '@tenon/runtime/contract';
import type { Engine } from '../engine.ts';
import type { SyncAddress } from '../schedules/sync-address.ts';
import { deleteEndedStates } from '../states/queries/delete-ended-states.ts';
import type { Manifests } from './manifests.ts';
import { findUnfinishedRun } from './queries/find-unfinished-run.ts';
import { insertTriggeredRun } from './queries/insert-triggered-run.ts';
import type { RunContext } from './run-context.ts';
import { runPriority } from './run-priority.ts';
import { toRun } from './run-row.ts';
import { withSyncPlace } from './with-sync-place.ts';

/**
 * Queues a run that reads a part of a sync's history again, beside the live runs. It has a cursor of its own, which begins
 * at `from`; the live one stays where it is.
 * @throws TenonError `not_found`; `request_invalid` for a sync without a cursor, or a range that is none; `conflict` when
 * a backfill of the sync is unfinished; `provider_unauthorized` when the customer has to connect again
 */
export async function startBackfill(
  context: { run: RunContext; manifests: Manifests; engine: Pick<Engine, 'enqueue'> },
  { range, ...address }: SyncAddress & { range: BackfillRange },
): Promise<Run> {
  const runs = context.run;
  const row = await withSyncPlace(context, address, async ({ transaction, syncId, version, definition }) => {
    refuseRange(definition, range);
    const unfinished = await findUnfinishedRun(transaction, { syncId, lane: 'backfill' });
    if (unfinished) {
      throw new TenonError(
        'conflict',
        `A backfill of ${address.integration}/${address.sync} is ${unfinished.status}.`,
        {
          hint: `Wait for the run ${unfinished.id}, or cancel it first.`,
          details: { runId: unfinished.id },
        },
      );
    }
    await deleteEndedStates(transaction, syncId);
    const now = new Date(runs.now());
    const values = { runId: runs.newRunId(), syncId, trigger: 'backfill' as const, version, range, now };
    return insertTriggeredRun(transaction, { ...values, lane: 'backfill' });
  });
  await context.engine.enqueue({ runId: row.id, priority: runPriority(row.trigger) });
  return toRun(row);
}

function refuseRange(definition: SyncManifest, { from, until }: BackfillRange): void {
  if (!definition.cursor) {
    throw new TenonError('request_invalid', `The sync ${definition.name} has no cursor, so it has no ranges.`, {
      hint: 'It reads everything in each run: trigger it. Or declare a `cursor`.',
    });
  }
  const { field, initial } = definition.cursor;
  if (initial !== null && typeof initial !== typeof from) {
    throw new TenonError(
      'request_invalid',
      `\`from\` is a ${typeof from}; the cursor ${field} is a ${typeof initial}.`,
      {
        hint: `Write it like ${JSON.stringify(initial)}.`,
      },
    );
  }
  if (until === undefined || isBefore(from, until)) return;
  throw new TenonError('request_invalid', `\`from\` has to be before \`until\`, and of its type.`, {
    hint: `Both are values of the cursor, ${field}; leave out \`until\` to read on to the end.`,
  });
}

/** Times are compared as times, whatever their zones; other strings by their characters. */
function isBefore(from: string | number, until: string | number): boolean {
  if (typeof from === 'number' || typeof until === 'number') return typeof from === typeof until && from < until;
  const [start, end] = [from, until].map((text) => (/^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN));
  return start !== undefined && end !== undefined && !Number.isNaN(start + end) ? start < end : from < until;
}
