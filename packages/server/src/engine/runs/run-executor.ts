import { TenonError } from '@tenon/runtime/errors';
import type { RetryPolicy, SyncManifest } from '@tenon/runtime/contract';
import type { PartitionState } from '@tenon/runtime/execute';
import type { Engine } from '../engine.ts';
import type { AskHandlers } from '../asks/ask-handlers.ts';
import { readSyncState } from '../states/queries/read-sync-state.ts';
import { buildRequest, findRunCode } from './build-request.ts';
import { claimQueued } from './claim-queued.ts';
import { countCalls } from './count-calls.ts';
import { judgeSuccess } from './judge-success.ts';
import type { LiveRun, LiveRuns } from './live-runs.ts';
import type { Manifests } from './manifests.ts';
import { createPageCommitter } from './page-committer.ts';
import type { ClaimedRun } from './queries/claim-run.ts';
import { claimOf } from './run-claim.ts';
import type { RunContext } from './run-context.ts';
import type { RunEnding } from './run-ending.ts';
import { cancelledRunError, outcomeOfError } from './run-error.ts';
import type { RunLogs } from './run-logs.ts';
import type { RunPorts } from './run-ports.ts';
import { createRunEnder, type PerformedRun } from './run-ender.ts';
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
  const endRun = createRunEnder(context);

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
    const row = await endRun(claimed, { ...performed, live });
    if (!row) runs.log.warn({ runId: claimed.id }, 'a run was taken over by another process');
    return { outcome: performed.outcome, row };
  }

  async function perform(claimed: ClaimedRun, live: LiveRun, { input, depth }: RunCall): Promise<PerformedRun> {
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
        claim: claimOf(claimed, runs.owner),
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
