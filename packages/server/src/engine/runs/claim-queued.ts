import type { Engine } from '../engine.ts';
import { claimRun, type ClaimedRun } from './queries/claim-run.ts';
import { claimWithinLimits, lockLimits, waitForRoom } from './queries/claim-within-limits.ts';
import { noteWait, type WaitingRun } from './queries/note-wait.ts';
import type { RunContext } from './run-context.ts';
import { runPriority } from './run-priority.ts';

/** Postgres: another run of the lane was claimed in the same moment. */
const uniqueViolation = '23505';

/**
 * Claims the run that a job names, where it may begin. One that may not is noted as waiting, and its job is over: who
 * is in its way wakes it when it ends (wake-next.ts), or the engine at its time. Where concurrency is limited, the
 * claim is of the best waiting run of the environment, which need not be this one.
 * @returns undefined when there is nothing to do for this delivery
 */
export async function claimQueued(
  context: { run: RunContext; engine: Pick<Engine, 'enqueue'> },
  runId: string,
): Promise<ClaimedRun | undefined> {
  const { run: runs } = context;
  // Twice: what was in the way may have ended between looking and noting, and then woke nobody.
  for (let looks = 0; looks < 2; looks++) {
    const claimed = await tryClaim(runs, runId);
    if (claimed) return claimed;
    const waiting = await noteWait(runs.database, runId);
    if (!waiting) return undefined;
    if (waiting.not_before && waiting.not_before.getTime() > runs.now()) {
      await enqueueLater(context.engine, waiting, waiting.not_before);
      return undefined;
    }
    if (waiting.is_limited && !waiting.is_blocked) return await claimLimited(runs, waiting);
  }
  return undefined;
}

async function tryClaim(runs: RunContext, runId: string): Promise<ClaimedRun | undefined> {
  return await claimRun(runs.database, { runId, owner: runs.owner, now: new Date(runs.now()) }).catch(ignoreRace);
}

async function claimLimited(
  runs: RunContext,
  { id: runId, environment_id: environmentId }: WaitingRun,
): Promise<ClaimedRun | undefined> {
  const now = new Date(runs.now());
  return await runs.database
    .transaction()
    .execute(async (transaction) => {
      await lockLimits(transaction, environmentId);
      const claimed = await claimWithinLimits(transaction, { environmentId, runId, owner: runs.owner, now });
      if (claimed?.id !== runId) await waitForRoom(transaction, { runId, now });
      return claimed;
    })
    .catch(ignoreRace);
}

function enqueueLater(engine: Pick<Engine, 'enqueue'>, { id, trigger }: WaitingRun, notBefore: Date): Promise<void> {
  return engine.enqueue({ runId: id, priority: runPriority(trigger), startAfterMs: notBefore.getTime() });
}

function ignoreRace(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === uniqueViolation) return undefined;
  throw error;
}
