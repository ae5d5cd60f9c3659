import type { Logger } from 'pino';
import { createDeferred, type Deferred } from './deferred.ts';
import { describeServerError } from './describe-server-error.ts';
import { createMemoryWatch } from './memory-watch.ts';
import type { RunOutcome, RunRequest } from './run-request.ts';
import { superviseRun, type Supervision } from './supervise-run.ts';
import { createWaitingLine } from './waiting-line.ts';
import { createWorkerCommand, type WorkerCommand } from './worker-command.ts';
import { startWorkerProcess } from './worker-process.ts';
import { createWorkerRoster, type RosterEntry } from './worker-roster.ts';

export interface WorkerPoolOptions {
  /** How many runs go on at once. One process more is kept warm beside them. */
  readonly size: number;
  readonly heapLimitMb: number;
  /** Of a whole process, Buffers included. */
  readonly rssLimitMb: number;
  /** Whether requests to providers may go to this machine and to private networks. */
  readonly allowPrivateAddresses: boolean;
  readonly maxRunsPerWorker: number;
  readonly maxWorkerAgeMs: number;
  /** How long a worker that passed its deadline may take to say so before it is killed. Default 2,000. */
  readonly killGraceMs?: number;
  /** How long the outcome waits for a page that is being committed. Default 10,000. */
  readonly pageDrainMs?: number;
  /** After how long without a run all workers but one are let go. Default 30,000. */
  readonly idleWorkerMs?: number;
  readonly logger: Pick<Logger, 'debug' | 'warn'>;
  readonly clock: { now(): number };
}

export interface WorkerPoolStats {
  readonly workers: number;
  readonly busy: number;
  readonly waiting: number;
  /** Processes started since the pool began. */
  readonly started: number;
}

export interface WorkerPool {
  /** Resolves with the outcome, whatever becomes of the run; never rejects. */
  execute(request: RunRequest): Promise<RunOutcome>;
  /** Starts the first worker ahead of the first run. */
  warmUp(): void;
  readonly stats: WorkerPoolStats;
  /** Ends every process; runs that are on or waiting end as `lost`, to be tried again. */
  stop(): Promise<void>;
}

interface WaitingRun {
  readonly request: RunRequest;
  readonly outcome: Deferred<RunOutcome>;
}

/** A worker keeps each bundle compiled, so it is replaced before they gather. */
const maxBundlesPerWorker = 50;
/** A worker that has grown this near to its limit would fail its next run for what earlier ones left. */
const recycleShare = 0.6;

/**
 * The pool of processes that execute scripts. A run takes an idle worker of its environment, or a fresh one: one is
 * always kept warm, so a run starts without waiting for a process (0.2 ms against 100 ms). Nothing is started before
 * the first run, and a while after the last one only one warm worker is left.
 */
export function createWorkerPool(options: WorkerPoolOptions): WorkerPool {
  const { size, logger, clock } = options;
  const idleWorkerMs = options.idleWorkerMs ?? 30_000;
  const memory = createMemoryWatch(options.rssLimitMb);
  const waiting = createWaitingLine<WaitingRun>();
  const active = new Set<Deferred<RunOutcome>>();
  /** Of runs that a script on this pool waits for; they take nobody's place. */
  const nested = new Set<Deferred<RunOutcome>>();
  const now = (): number => clock.now();
  let command: WorkerCommand | undefined;
  let started = 0;
  let isStopped = false;
  let trimTimer: NodeJS.Timeout | undefined;

  const roster = createWorkerRoster(now, ({ code, signal, errorOutput }) => {
    logger.debug({ code, signal, errorOutput }, 'a worker ended');
    dispatch();
  });

  function startWorker(): RosterEntry {
    command ??= createWorkerCommand(options.heapLimitMb);
    started += 1;
    return roster.add(startWorkerProcess(command));
  }

  /** A worker for the run at hand, at any price: an idle one of another environment makes room. */
  function obtainWorker({ environmentId, bundleHash }: RunRequest): RosterEntry {
    const idle = roster.findIdle(environmentId, bundleHash);
    if (idle) return idle;
    makeRoom();
    return startWorker();
  }

  function takeWorker(request: RunRequest, worker: RosterEntry = obtainWorker(request)): RosterEntry {
    worker.isBusy = true;
    worker.environmentId = request.environmentId;
    keepSpare();
    return worker;
  }

  /** A spare may have died since it was started. The script had no part in it, so a fresh worker takes the run, once. */
  async function replaceIfDead(worker: RosterEntry, request: RunRequest): Promise<RosterEntry> {
    try {
      await worker.process.ready;
      return worker;
    } catch {
      if (isStopped) return worker;
      roster.retire(worker);
      return takeWorker(request, startWorker());
    }
  }

  function makeRoom(): void {
    const [longestIdle] = roster.listIdle();
    if (roster.size > size && longestIdle) roster.retire(longestIdle);
  }

  function keepSpare(): void {
    if (isStopped || roster.findSpare()) return;
    makeRoom();
    if (roster.size <= size) startWorker();
  }

  function dispatch(): void {
    if (isStopped || active.size >= size) return;
    const next = waiting.takeFirst();
    if (!next) return;
    void run(next);
    dispatch();
  }

  async function run({ request, outcome }: WaitingRun): Promise<void> {
    if (!request.isNested) active.add(outcome);
    else nested.add(outcome);
    const worker = await replaceIfDead(takeWorker(request), request);
    const { outcome: result, isReusable } = await executeOn(worker, request);
    release(worker, isReusable);
    active.delete(outcome);
    nested.delete(outcome);
    outcome.resolve(isStopped && result.status === 'lost' ? stoppedOutcome : result);
    dispatch();
  }

  async function executeOn(worker: RosterEntry, request: RunRequest): Promise<Supervision> {
    const { process, bundles } = worker;
    const { bundleHash, hooks } = request;
    const load = (hash: string | undefined) =>
      hash === undefined || bundles.has(hash) ? undefined : request.loadBundle(hash);
    try {
      const [code, hooksCode] = await Promise.all([load(bundleHash), load(hooks?.hash), process.ready]);
      if (isStopped) return { outcome: stoppedOutcome, isReusable: false };
      worker.runs += 1;
      bundles.add(bundleHash);
      if (hooks) bundles.add(hooks.hash);
      return await superviseRun({
        worker: process,
        request,
        code,
        hooksCode,
        memory,
        now,
        limits: {
          memoryLimitMb: options.rssLimitMb,
          killGraceMs: options.killGraceMs ?? 2_000,
          pageDrainMs: options.pageDrainMs ?? 10_000,
          allowPrivateAddresses: options.allowPrivateAddresses,
        },
      });
    } catch (error) {
      // The script had no part in this (no process, no bundle): the run may be tried again.
      logger.warn({ err: error, runId: request.start.runId }, 'a run could not be started');
      return {
        outcome: { status: 'lost', error: describeServerError(error, 'it started the run') },
        isReusable: false,
      };
    }
  }

  function release(worker: RosterEntry, isReusable: boolean): void {
    worker.isBusy = false;
    worker.idleSinceMs = now();
    const mayStay =
      isReusable &&
      !isStopped &&
      worker.runs < options.maxRunsPerWorker &&
      worker.bundles.size < maxBundlesPerWorker &&
      now() - worker.startedAtMs < options.maxWorkerAgeMs &&
      (memory.readRssMb(worker.process.pid) ?? 0) < options.rssLimitMb * recycleShare;
    if (!mayStay) roster.retire(worker);
    keepSpare();
    trimLater();
  }

  function trimLater(): void {
    if (isStopped) return;
    trimTimer ??= setTimeout(() => {
      trimTimer = undefined;
      const idle = roster.listIdle();
      const due = idle.filter((entry) => now() - entry.idleSinceMs >= idleWorkerMs);
      for (const entry of due) if (roster.size > 1) roster.retire(entry);
      if (due.length < idle.length || roster.busy > 0) trimLater();
    }, idleWorkerMs).unref();
  }

  return {
    execute(request) {
      if (isStopped) return Promise.resolve(stoppedOutcome);
      if (request.signal.aborted) return Promise.resolve(cancelledOutcome);
      const entry: WaitingRun = { request, outcome: createDeferred() };
      const cancel = (): void => {
        if (waiting.remove(entry)) entry.outcome.resolve(cancelledOutcome);
      };
      request.signal.addEventListener('abort', cancel, { once: true });
      if (request.isNested) void run(entry);
      else waiting.add(entry, request.priority);
      dispatch();
      return entry.outcome.promise.finally(() => request.signal.removeEventListener('abort', cancel));
    },
    warmUp: keepSpare,
    get stats() {
      return { workers: roster.size, busy: active.size + nested.size, waiting: waiting.length, started };
    },
    async stop() {
      isStopped = true;
      clearTimeout(trimTimer);
      for (let next = waiting.takeFirst(); next; next = waiting.takeFirst()) next.outcome.resolve(stoppedOutcome);
      const runs = [...active, ...nested].map((outcome) => outcome.promise);
      await roster.retireAll();
      await Promise.all(runs);
    },
  };
}

const stoppedOutcome: RunOutcome = {
  status: 'lost',
  error: { code: 'run_lost', message: 'The server stopped before the run ended.', hint: 'The run may be tried again.' },
};

const cancelledOutcome: RunOutcome = {
  status: 'cancelled',
  error: { code: 'run_cancelled', message: 'The run was cancelled before it started.' },
};
