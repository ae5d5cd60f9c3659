import { TenonError } from '@tenon/runtime/errors';
import type { RetryPolicy, SyncManifest } from '@tenon/runtime/contract';
import type { PartitionState } from '@tenon/runtime/execute';
import type { Engine } from '../engine.ts';
import type { AskHandlers } from '../asks/ask-handlers.ts';
import { forgetSightings } from '../../records/absence/queries/forget-sightings.ts';
import { readSyncState } from '../states/queries/read-sync-state.ts';
import { announceFinished } from './announce-finished.ts';
import { announceReleased } from './announce-released.ts';
import { buildRequest, findRunCode } from './build-request.ts';
import { claimQueued } from './claim-queued.ts';
import { countCalls } from './count-calls.ts';
import { judgeSuccess } from './judge-success.ts';
import type { LiveRun, LiveRuns } from './live-runs.ts';
import type { Manifests } from './manifests.ts';
import { createPageCommitter, type PageCommitter } from './page-committer.ts';
import { planNextAttempt } from './plan-next-attempt.ts';
import { putOff } from './put-off.ts';
import type { ClaimedRun } from './queries/claim-run.ts';
import { finishRun } from './queries/finish-run.ts';
import { lockSyncOfRun } from './queries/lock-sync-of-run.ts';
import { notePartitions } from './queries/note-partitions.ts';
import { releaseRun } from './queries/release-run.ts';
import type { RunClaim } from './run-claim.ts';
import type { RunContext } from './run-context.ts';
import type { FailedEnding, RunEnding } from './run-ending.ts';
import { cancelledRunError, outcomeOfError } from './run-error.ts';
import type { RunLogs } from './run-logs.ts';
import type { RunPorts } from './run-ports.ts';
import { runPriority } from './run-priority.ts';
import { toRun, type RunRow } from './run-row.ts';
import { stateOwnerOf } from './state-owner-of.ts';
import { tallyPages, type TalliedPages } from './tally-pages.ts';

export interface ExecutorContext {
  readonly run: RunContext;
  readonly ports: RunPorts;
  readonly manifests: Manifests;
  readonly liveRuns: LiveRuns;
  readonly logs: RunLogs;
  readonly engine: Pick<Engine, 'enqueue'>;
  /** Asked for when a run begins: some of them call the executor themselves. */
  asks(): AskHandlers;
}

export interface RunExecutor {
  /**
   * Claims a queued run and executes it to its end. Resolves when nothing is left to do for this delivery, also when
   * another process was faster.
   * @throws when the run is back in the queue because `signal` was aborted, or when the database does not answer
   */
  executeQueued(runId: string, signal: AbortSignal): Promise<void>;
  /** Executes a run that this process owns already. `signal` cancels it. */
  executeClaimed(claimed: ClaimedRun, call: RunCall & { signal: AbortSignal }): Promise<EndedRun>;
}

/** What looking whether a connection is refused may take; the run's heartbeat goes on meanwhile. */
const confirmationMs = 30_000;

/** What an action is called with. */
export interface RunCall {
  readonly input?: unknown;
  /** How many scripts up the caller of the first one is. */
  readonly depth: number;
}

export interface EndedRun {
  readonly outcome: RunEnding;
  /** undefined: another process owns the run by now, and ends it. */
  readonly row: RunRow | undefined;
}

/**
 * The life of a run in this process: claimed (status running, owner, heartbeat), executed by the pool while its pages
 * are committed as they come, and ended in one of four ways. It is finished under a final status; or put off, when it is
 * tried again later (plan-next-attempt.ts); or released, back into the queue under the next attempt, when its worker
 * process vanished or this server goes away; or dropped without a word, when another process owns it by now. Every write shows the claim, so a run never ends twice.
 */
export function createRunExecutor(context: ExecutorContext): RunExecutor {
  const { run: runs, ports, liveRuns } = context;

  async function executeQueued(runId: string, signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw new Error('The server is stopping.');
    const claimed = await claimQueued(context, runId);
    if (!claimed) return;
    // Where concurrency is limited it may be another run than the job's: then the job's own is no word for it.
    const isOther = claimed.id !== runId;
    const live = liveRuns.begin(claimed);
    const stop = () => live.abort('stopping');
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    try {
      const { row } = await executeLive(claimed, live, { depth: 0 });
      if (row?.status !== 'queued' || live.abortReason() !== 'stopping') return;
      if (!isOther) throw new Error('The server is stopping.');
      await context.engine.enqueue({ runId: claimed.id, priority: runPriority(claimed.trigger) });
    } finally {
      signal.removeEventListener('abort', stop);
      live.end();
    }
  }

  async function executeClaimed(
    claimed: ClaimedRun,
    { signal, ...call }: RunCall & { signal: AbortSignal },
  ): Promise<EndedRun> {
    const live = liveRuns.begin(claimed);
    const cancel = () => live.abort('cancelled');
    signal.addEventListener('abort', cancel, { once: true });
    if (signal.aborted) cancel();
    try {
      return await executeLive(claimed, live, call);
    } finally {
      signal.removeEventListener('abort', cancel);
      live.end();
    }
  }

  async function executeLive(claimed: ClaimedRun, live: LiveRun, call: RunCall): Promise<EndedRun> {
    runs.events.publish(claimed.environment_id, { type: 'run.started', run: toRun(claimed) });
    const performed = await perform(claimed, live, call);
    await context.logs.flush();
    const row = await end(claimed, { ...performed, live });
    if (!row) runs.log.warn({ runId: claimed.id }, 'a run was taken over by another process');
    return { outcome: performed.outcome, row };
  }

  async function perform(claimed: ClaimedRun, live: LiveRun, { input, depth }: RunCall): Promise<Performed> {
    let policy: RetryPolicy | undefined;
    /** What the script asked for and did not wait for, or died over, ends with it. */
    const over = new AbortController();
    let capture: Uint8Array | undefined;
    try {
      const code = await findRunCode(context.manifests, claimed);
      const { definition } = code;
      if (definition.kind === 'sync') policy = definition.retry;
      const pages = definition.kind === 'sync' ? openPages(claimed, definition, live) : undefined;
      const log = countCalls(context.logs.open(claimed));
      const owner = stateOwnerOf(claimed);
      const state = pages && readsState(claimed) ? await readSyncState(runs.database, owner, '') : {};
      const asksSignal = AbortSignal.any([live.signal, over.signal]);
      const options = { code, input, state, pages, asks: context.asks(), log, signal: live.signal, asksSignal, depth };
      const request = await buildRequest({ database: runs.database, ports }, claimed, options);
      const outcome = await ports.workers.execute({ ...request, onCapture: (bytes) => (capture = bytes) });
      // Whatever the script made of it: with a page missing, nothing may count as complete.
      const failure = pages?.failure();
      if (failure !== undefined) {
        const ended = outcomeOfError(failure);
        if (outcome.status === 'succeeded' || ended.status === 'lost') return { outcome: ended, policy, capture };
      }
      if (outcome.status !== 'succeeded' || !pages) return { outcome, policy, capture };
      const judged = judgeSuccess(outcome, { committed: pages.committed() });
      if (judged.status === 'failed')
        runs.log.error({ runId: claimed.id, error: judged.error }, 'a run was miscounted');
      const enumerated =
        judged.status === 'succeeded' &&
        definition.kind === 'sync' &&
        definition.deletes === 'absence' &&
        claimed.lane === 'live';
      const fullCalls = readsAll(claimed, state) ? log.calls() : undefined;
      return { outcome: judged, policy, capture, fullCalls, ...(enumerated && { complete: pages }) };
    } catch (error) {
      if (live.signal.aborted) return { outcome: { status: 'cancelled', error: cancelledRunError }, policy };
      if (!(error instanceof TenonError))
        runs.log.error({ err: error, runId: claimed.id }, 'a run could not be executed');
      return { outcome: outcomeOfError(error), policy };
    } finally {
      over.abort(new DOMException('The run has ended.', 'AbortError'));
    }
  }

  function openPages(claimed: ClaimedRun, definition: SyncManifest, live: LiveRun): TalliedPages {
    // Only what enumerates everything takes note of what it sees; an event or a part of the history does not.
    const deletes = definition.deletes === 'absence' && claimed.lane !== 'live' ? 'none' : definition.deletes;
    return tallyPages(
      createPageCommitter({
        database: runs.database,
        records: ports.records,
        claim: claimOf(claimed),
        generation: claimed.generation,
        sync: {
          state: stateOwnerOf(claimed),
          connectionId: Number(claimed.connection_id),
          definition: { ...definition, deletes },
        },
        live,
        now: runs.now,
      }),
    );
  }

  /** @returns the run as it is now; undefined when it is another process's */
  async function end(claimed: ClaimedRun, performed: Performed & { live: LiveRun }): Promise<RunRow | undefined> {
    const { outcome, live } = performed;
    if (live.abortReason() === 'disowned') return undefined;
    await keepCapture(claimed, performed);
    if (outcome.status === 'succeeded' || outcome.status === 'partial')
      return await finishSucceeded(claimed, performed);
    const stopping = live.abortReason() === 'stopping';
    if (stopping || outcome.status === 'lost') return await release(claimed, { lost: !stopping });
    const judged = outcome.status === 'auth_failed' ? await judgeRefusal(claimed, outcome) : outcome;
    const next = performed.policy && planNext(claimed, { ending: judged, policy: performed.policy });
    if (next) return await putOff(context, { claimed, claim: claimOf(claimed), ending: judged, next });
    const row = await finish(claimed, judged);
    if (row && claimed.kind === 'sync') await forgetSeen(claimed);
    return row;
  }

  /** Before the run's end is told, so that whoever hears of it finds what it met. */
  async function keepCapture(claimed: ClaimedRun, { outcome, capture }: Performed): Promise<void> {
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
    { outcome, complete, fullCalls }: Performed,
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
        const finished = await finishRun(transaction, claimOf(claimed), {
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
    const row = await finishRun(runs.database, claimOf(claimed), ending);
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
    const row = await releaseRun(runs.database, claimOf(claimed), { lost, now: new Date(runs.now()) });
    // Stopping, the engine itself hands the job to another process.
    if (row) await announceReleased(context, [row], { enqueue: lost });
    return row;
  }

  function claimOf({ id, attempt }: ClaimedRun): RunClaim {
    return { id, attempt, owner: runs.owner };
  }

  return { executeQueued, executeClaimed };
}

/** What events and replays save moves no cursor, and they are given none. */
function readsState({ lane }: ClaimedRun): boolean {
  return lane === 'live' || lane === 'backfill';
}

/** Begins where nothing was read before, in its first attempt: its calls are those of reading everything. */
function readsAll({ kind, lane, attempt, retries }: ClaimedRun, state: PartitionState): boolean {
  return kind === 'sync' && lane === 'live' && attempt === 1 && retries === 0 && Object.keys(state).length === 0;
}

interface Performed {
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

/** A limit of calls passes by itself, and whoever cancels a run knows why it ended. */
function isWorthKeeping({ status }: RunEnding): boolean {
  return status === 'failed' || status === 'timed_out' || status === 'auth_failed' || status === 'partial';
}

class ClaimLost extends Error {}
