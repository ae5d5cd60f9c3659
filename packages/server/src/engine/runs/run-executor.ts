import { TenonError } from '@tenon/runtime/errors';
import type { Engine } from '../engine.ts';
import type { AskHandlers } from '../asks/ask-handlers.ts';
import { readSyncState } from '../states/queries/read-sync-state.ts';
import type { StateOwner } from '../states/state-owner.ts';
import { buildRequest, findRunCode } from './build-request.ts';
import type { LiveRun, LiveRuns } from './live-runs.ts';
import type { Manifests } from './manifests.ts';
import { createPageCommitter, type PageCommitter } from './page-committer.ts';
import { claimRun, type ClaimedRun } from './queries/claim-run.ts';
import { finishRun } from './queries/finish-run.ts';
import { releaseRun } from './queries/release-run.ts';
import { announceReleased } from './announce-released.ts';
import type { RunClaim } from './run-claim.ts';
import type { RunContext } from './run-context.ts';
import { cancelledRunError, outcomeOfError } from './run-error.ts';
import type { RunLogs } from './run-logs.ts';
import type { RunOutcome } from '../../workers/run-request.ts';
import type { RunPorts } from './run-ports.ts';
import { toRun, type RunRow } from './run-row.ts';

export interface ExecutorContext {
  readonly run: RunContext;
  readonly ports: RunPorts;
  readonly manifests: Manifests;
  readonly liveRuns: LiveRuns;
  readonly logs: RunLogs;
  readonly engine: Pick<Engine, 'enqueue'>;
  readonly asks: Partial<AskHandlers>;
}

export interface RunExecutor {
  /**
   * Claims a queued run and executes it to its end. Resolves when nothing is left to do for this delivery, also when
   * another process was faster.
   * @throws when the run is back in the queue because `signal` was aborted, or when the database does not answer
   */
  executeQueued(runId: string, signal: AbortSignal): Promise<void>;
  /** Executes a run that this process owns already. `signal` cancels it. */
  executeClaimed(claimed: ClaimedRun, options: { input?: unknown; signal: AbortSignal }): Promise<EndedRun>;
}

/** What looking whether a connection is refused may take; the run's heartbeat goes on meanwhile. */
const confirmationMs = 30_000;

export interface EndedRun {
  readonly outcome: RunOutcome;
  /** undefined: another process owns the run by now, and ends it. */
  readonly row: RunRow | undefined;
}

/**
 * The life of a run in this process: claimed (status running, owner, heartbeat), executed by the pool while its pages
 * are committed as they come, and ended in one of three ways. It is finished under a final status; or released, back
 * into the queue under the next attempt, when its worker process vanished or this server goes away; or dropped without
 * a word, when another process owns it by now. Every write shows the claim, so a run never ends twice.
 */
export function createRunExecutor(context: ExecutorContext): RunExecutor {
  const { run: runs, ports, liveRuns } = context;

  async function executeQueued(runId: string, signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw new Error('The server is stopping.');
    const claimed = await claimRun(runs.database, { runId, owner: runs.owner, now: new Date(runs.now()) });
    if (!claimed) return;
    const live = liveRuns.begin(claimed);
    const stop = () => live.abort('stopping');
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    try {
      const { row } = await executeLive(claimed, live, undefined);
      if (row?.status === 'queued' && live.abortReason() === 'stopping') throw new Error('The server is stopping.');
    } finally {
      signal.removeEventListener('abort', stop);
      live.end();
    }
  }

  async function executeClaimed(
    claimed: ClaimedRun,
    { input, signal }: { input?: unknown; signal: AbortSignal },
  ): Promise<EndedRun> {
    const live = liveRuns.begin(claimed);
    const cancel = () => live.abort('cancelled');
    signal.addEventListener('abort', cancel, { once: true });
    if (signal.aborted) cancel();
    try {
      return await executeLive(claimed, live, input);
    } finally {
      signal.removeEventListener('abort', cancel);
      live.end();
    }
  }

  async function executeLive(claimed: ClaimedRun, live: LiveRun, input: unknown): Promise<EndedRun> {
    runs.events.publish(claimed.environment_id, { type: 'run.started', run: toRun(claimed) });
    const { outcome, complete } = await perform(claimed, live, input);
    await context.logs.flush();
    const row = await end(claimed, { outcome, complete, live });
    if (!row) runs.log.warn({ runId: claimed.id }, 'a run was taken over by another process');
    return { outcome, row };
  }

  async function perform(claimed: ClaimedRun, live: LiveRun, input: unknown): Promise<Performed> {
    try {
      const code = await findRunCode(context.manifests, claimed);
      const { definition } = code;
      const pages =
        definition.kind === 'action'
          ? undefined
          : createPageCommitter({
              database: runs.database,
              records: ports.records,
              claim: claimOf(claimed),
              generation: claimed.generation,
              sync: {
                state: stateOwnerOf(claimed),
                connectionId: Number(claimed.connection_id),
                definition,
              },
              live,
              now: runs.now,
            });
      const log = context.logs.open(claimed);
      const state = claimed.sync_id === null ? {} : await readSyncState(runs.database, stateOwnerOf(claimed), '');
      const options = { code, input, state, pages, asks: context.asks, log, signal: live.signal };
      const request = await buildRequest({ database: runs.database, ports }, claimed, options);
      const outcome = await ports.workers.execute(request);
      // Whatever the script made of it: with a page missing, nothing may count as complete.
      const failure = pages?.failure();
      if (failure !== undefined) {
        const ended = outcomeOfError(failure);
        if (outcome.status === 'succeeded' || ended.status === 'lost') return { outcome: ended };
      }
      const enumerated = definition.kind === 'sync' && definition.deletes === 'absence';
      return enumerated && pages ? { outcome, complete: pages } : { outcome };
    } catch (error) {
      if (live.signal.aborted) return { outcome: { status: 'cancelled', error: cancelledRunError } };
      if (!(error instanceof TenonError))
        runs.log.error({ err: error, runId: claimed.id }, 'a run could not be executed');
      return { outcome: outcomeOfError(error) };
    }
  }

  /** @returns the run as it is now; undefined when it is another process's */
  async function end(claimed: ClaimedRun, { outcome, complete, live }: Performed & { live: LiveRun }) {
    if (live.abortReason() === 'disowned') return undefined;
    if (outcome.status === 'succeeded') return await finishSucceeded(claimed, { outcome, complete });
    const stopping = live.abortReason() === 'stopping';
    if (stopping || outcome.status === 'lost') return await release(claimed, { lost: !stopping });
    const judged = outcome.status === 'auth_failed' ? await judgeRefusal(claimed, outcome) : outcome;
    return await finish(claimed, judged);
  }

  /** Many providers answer 401 to a call that only lacks a right: then the run failed, and the connection did not. */
  async function judgeRefusal(claimed: ClaimedRun, outcome: FailedOutcome): Promise<FailedOutcome> {
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

  async function finishSucceeded(claimed: ClaimedRun, { outcome, complete }: Performed): Promise<RunRow | undefined> {
    if (!complete) return await finish(claimed, outcome);
    const row = await runs.database
      .transaction()
      .execute(async (transaction) => {
        const done = await complete.finish(transaction, { isComplete: true });
        const finished = await finishRun(transaction, claimOf(claimed), { ...finalValues(outcome), ...done });
        // Rolls the deletions back: they are another attempt's to decide.
        if (!finished) throw new ClaimLost();
        return finished;
      })
      .catch((error: unknown) => {
        if (error instanceof ClaimLost) return undefined;
        throw error;
      });
    if (row) runs.events.publish(row.environment_id, { type: 'run.finished', run: toRun(row) });
    return row;
  }

  async function finish(claimed: ClaimedRun, outcome: RunOutcome): Promise<RunRow | undefined> {
    const row = await finishRun(runs.database, claimOf(claimed), { ...finalValues(outcome), deleted: 0 });
    if (row) runs.events.publish(row.environment_id, { type: 'run.finished', run: toRun(row) });
    return row;
  }

  function finalValues(outcome: RunOutcome) {
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

function stateOwnerOf(run: ClaimedRun): StateOwner {
  return { syncId: Number(run.sync_id), cursorEpoch: run.cursor_epoch, scope: 'live', runId: run.id };
}

type FailedOutcome = Exclude<RunOutcome, { status: 'succeeded' }>;

interface Performed {
  readonly outcome: RunOutcome;
  /** Of a run that enumerated everything, so that what it did not see may be deleted if it succeeded. */
  readonly complete?: PageCommitter | undefined;
}

class ClaimLost extends Error {}
