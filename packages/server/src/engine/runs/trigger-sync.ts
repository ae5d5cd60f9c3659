import { TenonError } from '@tenon/runtime/errors';
import type { Run } from '@tenon/runtime/contract';
import type { Engine } from '../engine.ts';
import { planOverlap } from '../schedules/plan-overlap.ts';
import { selectUnfinishedRuns } from '../schedules/queries/select-unfinished-runs.ts';
import type { SyncAddress } from '../schedules/sync-address.ts';
import type { Manifests } from './manifests.ts';
import { insertTriggeredRun } from './queries/insert-triggered-run.ts';
import { requestCancel } from './queries/request-cancel.ts';
import { selectRun } from './queries/select-run.ts';
import type { RunContext } from './run-context.ts';
import { runPriority } from './run-priority.ts';
import { toRun, type RunRow } from './run-row.ts';
import { withSyncPlace, type ReadySync } from './with-sync-place.ts';

export interface SyncTrigger extends SyncAddress {
  readonly trigger: Run['trigger'];
  /** What to do when a run of the sync is in the way. Default `return`: that run is the answer. */
  readonly ifUnfinished?: 'return' | 'refuse';
}

export interface TriggeredSync {
  readonly run: Run;
  /** false: the run was queued or running before. */
  readonly created: boolean;
}

interface Triggered {
  readonly row: RunRow;
  readonly created: boolean;
  /** It begins when the running one has ended. */
  readonly waits: boolean;
  readonly cancelled: readonly RunRow[];
}

/**
 * Queues a run of a sync, as far as its overlap policy lets it; a paused sync is run too.
 * @throws TenonError `not_found`; `provider_unauthorized` when the customer has to connect again; `conflict` when a run is
 * in the way and `ifUnfinished` is `refuse`
 */
export async function triggerSync(
  context: { run: RunContext; manifests: Manifests; engine: Pick<Engine, 'enqueue'> },
  trigger: SyncTrigger,
): Promise<TriggeredSync> {
  const { row, created, waits, cancelled } = await withSyncPlace(context, trigger, (ready) =>
    insert(context.run, { ready, trigger }),
  );
  for (const one of cancelled) {
    if (one.status !== 'cancelled') continue;
    context.run.events.publish(one.environment_id, { type: 'run.finished', run: toRun(one) });
  }
  if (created && !waits) await context.engine.enqueue({ runId: row.id, priority: runPriority(row.trigger) });
  return { run: toRun(row), created };
}

async function insert(
  runs: RunContext,
  { ready, trigger }: { ready: ReadySync; trigger: SyncTrigger },
): Promise<Triggered> {
  const { transaction, syncId, version } = ready;
  const { environmentId } = trigger;
  const now = new Date(runs.now());
  const unfinished = (await selectUnfinishedRuns(transaction, [syncId])).get(String(syncId)) ?? [];
  const verdict = planOverlap(ready.overlap, unfinished);
  if (verdict.inTheWay !== undefined) {
    const row = await selectRun(transaction, { environmentId, runId: verdict.inTheWay });
    if (!row) throw new TenonError('unavailable', `The run of ${trigger.sync} that was in the way is gone.`);
    if (trigger.ifUnfinished === 'refuse') throw alreadyThere(trigger, row);
    return { row, created: false, waits: false, cancelled: [] };
  }
  const cancelled: RunRow[] = [];
  for (const runId of verdict.cancel) {
    const row = await requestCancel(transaction, { environmentId, runId, now });
    if (row) cancelled.push(row);
  }
  const { sideBySide, waits } = verdict;
  const values = { runId: runs.newRunId(), syncId, trigger: trigger.trigger, version, sideBySide, waits, now };
  return { row: await insertTriggeredRun(transaction, values), created: true, waits, cancelled };
}

function alreadyThere(trigger: SyncTrigger, run: RunRow): TenonError {
  return new TenonError('conflict', `A run of ${trigger.integration}/${trigger.sync} is ${run.status} already.`, {
    hint: 'Wait for it, or cancel it first.',
    details: { runId: run.id },
  });
}
