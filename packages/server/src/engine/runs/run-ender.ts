import type { RetryPolicy } from '@tenon/runtime/contract';
import { forgetSightings } from '../../records/absence/queries/forget-sightings.ts';
import { announceFinished } from './announce-finished.ts';
import { announceReleased } from './announce-released.ts';
import type { ExecutorContext } from './run-executor.ts';
import type { LiveRun } from './live-runs.ts';
import type { PageCommitter } from './page-committer.ts';
import { planNextAttempt } from './plan-next-attempt.ts';
import { putOff } from './put-off.ts';
import type { ClaimedRun } from './queries/claim-run.ts';
import { finishRun } from './queries/finish-run.ts';
import { lockSyncOfRun } from './queries/lock-sync-of-run.ts';
import { notePartitions } from './queries/note-partitions.ts';
import { releaseRun } from './queries/release-run.ts';
import { claimOf } from './run-claim.ts';
import type { FailedEnding, RunEnding } from './run-ending.ts';
import type { RunRow } from './run-row.ts';
import { stateOwnerOf } from './state-owner-of.ts';

/** What looking whether a connection is refused may take; the run's heartbeat goes on meanwhile. */
const confirmationMs = 30_000;

/** What executing a run came to, before its end is written down. */
export interface PerformedRun {
  readonly outcome: RunEnding;
  /** Of a sync. */
  readonly policy: RetryPolicy | undefined;
  /** Of a run that enumerated everything, so that what it did not see may be deleted if it succeeded. */
  readonly complete?: PageCommitter | undefined;
  /** Calls to the provider of a run that read everything. */
  readonly fullCalls?: number | undefined;
  /** What the worker kept of a run that failed. */
  readonly capture?: Uint8Array | undefined;
}

/**
 * Ends runs as run-executor.ts says: finished, put off, released or dropped.
 * @returns of each the run as it is now; undefined when it is another process's
 */
export function createRunEnder(
  context: ExecutorContext,
): (claimed: ClaimedRun, performed: PerformedRun & { live: LiveRun }) => Promise<RunRow | undefined> {
  const { run: runs, ports } = context;

  async function end(claimed: ClaimedRun, performed: PerformedRun & { live: LiveRun }): Promise<RunRow | undefined> {
    const { outcome, live } = performed;
    if (live.abortReason() === 'disowned') return undefined;
    await keepCapture(claimed, performed);
    if (outcome.status === 'succeeded' || outcome.status === 'partial')
      return await finishSucceeded(claimed, performed);
    const stopping = live.abortReason() === 'stopping';
    if (stopping || outcome.status === 'lost') return await release(claimed, { lost: !stopping });
    const judged = outcome.status === 'auth_failed' ? await judgeRefusal(claimed, outcome) : outcome;
    const next = performed.policy && planNext(claimed, { ending: judged, policy: performed.policy });
    if (next) return await putOff(context, { claimed, claim: claimOf(claimed, runs.owner), ending: judged, next });
    const row = await finish(claimed, judged);
    if (row && claimed.kind === 'sync') await forgetSeen(claimed);
    return row;
  }

  /** Before the run's end is told, so that whoever hears of it finds what it met. */
  async function keepCapture(claimed: ClaimedRun, { outcome, capture }: PerformedRun): Promise<void> {
    if (!capture || !ports.captures.isOn || !isWorthKeeping(outcome)) return;
    await ports.captures.keep(claimed, capture).catch((error: unknown) => {
      runs.log.warn({ err: error, runId: claimed.id }, 'what a failed run met could not be kept');
    });
  }

  /** What failed runs saw is of no use, and a sync that never succeeds again would pile it up. */
  async function forgetSeen({ id }: ClaimedRun): Promise<void> {
    await forgetSightings(runs.database, id).catch((error: unknown) => {
      runs.log.warn({ err: error, runId: id }, 'what a failed run saw could not be forgotten');
    });
  }

  function planNext({ retries }: ClaimedRun, { ending, policy }: { ending: FailedEnding; policy: RetryPolicy }) {
    return planNextAttempt(ending, { policy, retries, nowMs: runs.now(), random: runs.random() });
  }

  /** Many providers answer 401 to a call that only lacks a right: then the run failed, and the connection did not. */
  async function judgeRefusal(claimed: ClaimedRun, outcome: FailedEnding): Promise<FailedEnding> {
    try {
      const signal = AbortSignal.timeout(confirmationMs);
      const verdict = await ports.confirmRefusal(Number(claimed.connection_id), { signal });
      if (verdict !== 'accepted') return outcome;
      const hint = "The connection's credentials are good: it probably lacks a right (scope) for this call.";
      return { status: 'failed', error: { ...outcome.error, hint } };
    } catch (error) {
      runs.log.warn({ err: error, runId: claimed.id }, 'whether a connection is refused could not be found out');
      return outcome;
    }
  }

  async function finishSucceeded(
    claimed: ClaimedRun,
    { outcome, complete, fullCalls }: PerformedRun,
  ): Promise<RunRow | undefined> {
    const partitions = 'sync' in outcome ? outcome.sync?.partitions : undefined;
    if (!complete && !partitions?.total) return await finish(claimed, outcome, fullCalls);
    const row = await runs.database
      .transaction()
      .execute(async (transaction) => {
        await lockSyncOfRun(transaction, claimed.id);
        const done = await complete?.finish(transaction, { isComplete: true });
        if (partitions?.total) {
          const noted = { failed: partitions.failed, now: new Date(runs.now()) };
          await notePartitions(transaction, stateOwnerOf(claimed), noted);
        }
        const finished = await finishRun(transaction, claimOf(claimed, runs.owner), {
          ...finalValues(outcome),
          deleted: 0,
          fullCalls,
          ...done,
        });
        // Rolls the deletions back: they are another attempt's to decide.
        if (!finished) throw new ClaimLost();
        return finished;
      })
      .catch((error: unknown) => {
        if (error instanceof ClaimLost) return undefined;
        throw error;
      });
    if (row) await announceFinished(context, row);
    return row;
  }

  async function finish(claimed: ClaimedRun, outcome: RunEnding, fullCalls?: number): Promise<RunRow | undefined> {
    const isAction = claimed.kind === 'action';
    const ending = { ...finalValues(outcome), deleted: 0, fullCalls, isAction };
    const row = await finishRun(runs.database, claimOf(claimed, runs.owner), ending);
    if (row) await announceFinished(context, row);
    return row;
  }

  function finalValues(outcome: RunEnding) {
    const succeeded = outcome.status === 'succeeded';
    return {
      status: outcome.status,
      error: succeeded ? null : outcome.error,
      now: new Date(runs.now()),
    };
  }

  async function release(claimed: ClaimedRun, { lost }: { lost: boolean }): Promise<RunRow | undefined> {
    const row = await releaseRun(runs.database, claimOf(claimed, runs.owner), { lost, now: new Date(runs.now()) });
    // Stopping, the engine itself hands the job to another process.
    if (row) await announceReleased(context, [row], { enqueue: lost });
    return row;
  }

  return end;
}

/** A limit of calls passes by itself, and whoever cancels a run knows why it ended. */
function isWorthKeeping({ status }: RunEnding): boolean {
  return status === 'failed' || status === 'timed_out' || status === 'auth_failed' || status === 'partial';
}

class ClaimLost extends Error {}
