import { TenonError } from '@tenon/runtime/errors';
import type { Run } from '@tenon/runtime/contract';
import type { Engine } from '../engine.ts';
import type { LiveRuns } from './live-runs.ts';
import { requestCancel } from './queries/request-cancel.ts';
import { selectRun } from './queries/select-run.ts';
import type { RunContext } from './run-context.ts';
import { isRunId, runMissing } from './run-queries.ts';
import { toRun } from './run-row.ts';
import { wakeNext } from './wake-next.ts';

/**
 * Cancels a run: a queued one at once, a running one as soon as its script has been stopped, wherever that is. A run
 * that was cancelled before stays as it is.
 * @returns the run as it is now
 * @throws TenonError `not_found`; `conflict` when it has ended otherwise
 */
export async function cancelRun(
  context: { run: RunContext; liveRuns: LiveRuns; engine: Pick<Engine, 'enqueue'> },
  { environmentId, runId }: { environmentId: number; runId: string },
): Promise<Run> {
  const { database, events, now } = context.run;
  if (!isRunId(runId)) throw runMissing(runId);
  const row = await requestCancel(database, { environmentId, runId, now: new Date(now()) });
  if (row) {
    if (row.status === 'running') context.liveRuns.abort(runId, 'cancelled');
    else {
      events.publish(environmentId, { type: 'run.finished', run: toRun(row) });
      // The next one of its sync may have waited for this one.
      await wakeNext(context, { ...row, next_waits: true, is_limited: false });
    }
    return toRun(row);
  }
  const ended = await selectRun(database, { environmentId, runId });
  if (!ended) throw runMissing(runId);
  if (ended.status === 'cancelled') return toRun(ended);
  throw new TenonError('conflict', `The run has ended already; it is ${ended.status}.`);
}
