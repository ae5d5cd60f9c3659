import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';
import type { EngineJob } from '../engine.ts';
import { requestCancel } from '../runs/queries/request-cancel.ts';
import type { RunContext } from '../runs/run-context.ts';
import { runPriority } from '../runs/run-priority.ts';
import { toRun, type RunRow } from '../runs/run-row.ts';
import type { ScheduleTicks } from './next-run.ts';
import { planDueSync, type PlannedSync } from './plan-due-sync.ts';
import type { UnfinishedRun } from './plan-overlap.ts';
import { attachMadeUpTicks } from './queries/attach-made-up-ticks.ts';
import { insertSkippedTicks } from './queries/insert-skipped-ticks.ts';
import { selectUnfinishedRuns } from './queries/select-unfinished-runs.ts';
import { setNextRuns } from './queries/set-next-runs.ts';
import { startDueRuns } from './queries/start-due-runs.ts';
import { takeDueSyncs, type DueSync } from './queries/take-due-syncs.ts';

export interface StartedDue {
  /** Whether something may still be due: there were as many syncs as the limit, or more ticks than are counted at once. */
  readonly more: boolean;
  /** Runs that can begin. */
  readonly jobs: readonly EngineJob[];
}

/**
 * Takes a batch of due syncs and accounts for all their ticks up to now, in one transaction: runs, skipped ticks, the next
 * times.
 */
export async function startDue(
  context: { run: RunContext; ticks: ScheduleTicks },
  { limit }: { limit: number },
): Promise<StartedDue> {
  const runs = context.run;
  const now = new Date(runs.now());
  const cancelled: RunRow[] = [];
  const result = await runs.database.transaction().execute(async (transaction) => {
    const syncs = await takeDueSyncs(transaction, { now, limit });
    if (syncs.length === 0) return { more: false, jobs: [] };
    const unfinished = await selectUnfinishedRuns(
      transaction,
      syncs.map(({ id }) => id),
    );
    const planned = syncs.map((sync) => {
      const runId = runs.newRunId();
      return {
        sync,
        runId,
        plan: plan(context, { sync, runId, unfinished: unfinished.get(String(sync.id)) ?? [], now }),
      };
    });
    for (const {
      sync,
      plan: { run },
    } of planned) {
      for (const runId of run?.cancel ?? []) cancelled.push(...(await cancel(transaction, { sync, runId, now })));
    }
    const due = planned.flatMap(({ sync, runId, plan: { run } }) =>
      run ? [{ ...run, runId, syncId: sync.id, version: sync.active_version, trigger: triggerOf(sync) }] : [],
    );
    await startDueRuns(transaction, { due, now });
    await insertSkippedTicks(transaction, { skipped: planned.flatMap(({ plan: { skipped } }) => skipped), now });
    const made = planned.flatMap(({ sync, runId, plan: { run, skipped } }) =>
      run && skipped.length > 0 ? [{ syncId: sync.id, runId }] : [],
    );
    await attachMadeUpTicks(transaction, made);
    const moves = planned.map(({ sync, runId, plan: { run, nextRunAt } }) => ({
      syncId: sync.id,
      nextRunAt,
      runId: run && runId,
    }));
    await setNextRuns(transaction, moves);
    const jobs = due
      .filter(({ waits }) => !waits)
      .map(({ runId, trigger }) => ({ runId, priority: runPriority(trigger) }));
    const behind = moves.some(({ nextRunAt }) => nextRunAt !== null && nextRunAt <= now);
    return { more: behind || syncs.length === limit, jobs };
  });
  for (const row of cancelled) {
    if (row.status === 'cancelled') runs.events.publish(row.environment_id, { type: 'run.finished', run: toRun(row) });
  }
  return result;
}

/** What is stored was readable when it was declared; should it not be any more, the others must still run. */
function plan(
  { run: runs, ticks }: { run: RunContext; ticks: ScheduleTicks },
  { sync, ...facts }: { sync: DueSync; runId: string; unfinished: readonly UnfinishedRun[]; now: Date },
): PlannedSync {
  try {
    return planDueSync(sync, { ticks, ...facts });
  } catch (error) {
    runs.log.error({ err: error, schedule: sync.schedule }, 'a schedule cannot be read; it will not come due again');
    return planDueSync({ ...sync, schedule: null }, { ticks, ...facts });
  }
}

/** Somebody connected an account a moment ago and looks at the screen. */
function triggerOf(sync: DueSync): 'connect' | 'schedule' {
  return sync.last_run_id === null ? 'connect' : 'schedule';
}

async function cancel(
  transaction: Kysely<Schema>,
  { sync, runId, now }: { sync: DueSync; runId: string; now: Date },
): Promise<RunRow[]> {
  const row = await requestCancel(transaction, { environmentId: sync.environment_id, runId, now });
  return row ? [row] : [];
}
