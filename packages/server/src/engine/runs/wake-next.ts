import type { Engine } from '../engine.ts';
import { findFirstInLine, lockLimits } from './queries/claim-within-limits.ts';
import { findNextOfSync } from './queries/find-next-of-sync.ts';
import type { FinishedRun } from './queries/finish-run.ts';
import type { RunContext } from './run-context.ts';
import { runPriority } from './run-priority.ts';

/**
 * Wakes what waited for a run that gave up its place: the next runs of its sync, and where concurrency is limited the
 * first in line of its environment. A server that dies before it says so leaves that to the reaper's poll; a failure
 * here does the same.
 */
export async function wakeNext(
  context: { run: RunContext; engine: Pick<Engine, 'enqueue'> },
  ended: Pick<FinishedRun, 'environment_id' | 'sync_id' | 'next_waits' | 'is_limited'>,
): Promise<void> {
  const { run: runs, engine } = context;
  try {
    const now = new Date(runs.now());
    const { environment_id: environmentId, sync_id: syncId } = ended;
    const next = ended.next_waits && syncId !== null ? await findNextOfSync(runs.database, { syncId, now }) : [];
    const first = ended.is_limited ? await findFirst(runs, { environmentId, now }) : undefined;
    const woken = first ? [...next, first] : next;
    await engine.enqueue(...woken.map(({ id, trigger }) => ({ runId: id, priority: runPriority(trigger) })));
  } catch (error) {
    runs.log.warn({ err: error }, 'waiting runs could not be woken; they are found by the next poll');
  }
}

/** Under the lock, so that a run which is about to wait has done so. */
function findFirst(runs: RunContext, line: { environmentId: number; now: Date }) {
  return runs.database.transaction().execute(async (transaction) => {
    await lockLimits(transaction, line.environmentId);
    return await findFirstInLine(transaction, line);
  });
}
