import type { Engine } from '../engine.ts';
import { announceFinished } from './announce-finished.ts';
import type { NextAttempt } from './plan-next-attempt.ts';
import type { ClaimedRun } from './queries/claim-run.ts';
import type { FinishedRun } from './queries/finish-run.ts';
import { requeueRun } from './queries/requeue-run.ts';
import type { RunClaim } from './run-claim.ts';
import type { RunContext } from './run-context.ts';
import type { FailedEnding } from './run-ending.ts';
import type { RunLogs } from './run-logs.ts';
import { runPriority } from './run-priority.ts';
import { wakeNext } from './wake-next.ts';

interface PutOff {
  readonly claimed: ClaimedRun;
  readonly claim: RunClaim;
  readonly ending: FailedEnding;
  readonly next: NextAttempt;
}

/**
 * Puts a run back into the queue for its next attempt; what the last one failed with is in its log. Its worker is free
 * meanwhile. @returns undefined when another process owns the run
 */
export async function putOff(
  context: { run: RunContext; logs: RunLogs; engine: Pick<Engine, 'enqueue'> },
  { claimed, claim, ending, next }: PutOff,
): Promise<FinishedRun | undefined> {
  const { run: runs, engine } = context;
  const row = await requeueRun(runs.database, claim, { ...next, now: new Date(runs.now()) });
  if (!row) return undefined;
  const { code, message } = ending.error;
  const at = next.notBefore.toISOString();
  context.logs.open(claimed).write({
    at: runs.now(),
    kind: 'engine',
    level: 'warn',
    message:
      row.status === 'queued'
        ? `Attempt ${claimed.attempt} failed (${code}: ${message}); attempt ${row.attempt} follows at ${at}.`
        : `Attempt ${claimed.attempt} failed (${code}: ${message}); the run is ${row.status}.`,
    data: { error: ending.error, waitsFor: next.waitsFor, notBefore: at },
  });
  await context.logs.flush();
  if (row.status !== 'queued') await announceFinished(context, row);
  else {
    const job = { runId: row.id, priority: runPriority(row.trigger), startAfterMs: next.notBefore.getTime() };
    await engine.enqueue(job);
    // It keeps its place in its lane; only its room is free.
    await wakeNext(context, row);
  }
  return row;
}
