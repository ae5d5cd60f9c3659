import type { Job, PgBoss } from 'pg-boss';
import type { RunHandler } from '../engine.ts';
import type { EngineLog } from '../engine-log.ts';
import { createSettleBatch } from './settle-batch.ts';

export interface DispatcherContext {
  readonly boss: PgBoss;
  readonly queue: string;
  readonly handler: RunHandler;
  readonly log: EngineLog;
  readonly concurrency: number;
  readonly pollMs: number;
}

export interface Dispatcher {
  /** Looks for jobs now. */
  wake(): void;
  stop(graceMs: number): Promise<void>;
}

/** The priority travels in the data too: a fetched job does not carry it, and a job that is handed back needs it. */
export interface RunJobData {
  runId: string;
  priority: number;
}

type RunJob = Job<RunJobData>;

interface RunningJob {
  readonly job: RunJob;
  readonly controller: AbortController;
  readonly done: Promise<void>;
}

/** How long an aborted handler may take to end, before its process goes away under it. */
const abortMs = 10_000;

/** Jobs are touched three times within the queue's heartbeat of 30 s. */
const touchMs = 10_000;

/**
 * Takes jobs off the queue: as many in one statement as there are free places, and again whenever a place is free and
 * there may be more. Ended jobs are deleted (the runs table keeps the history), many in one statement. Each fetch that
 * comes back short ends the round, so an idle process asks only once per `pollMs`.
 */
export function createDispatcher(context: DispatcherContext): Dispatcher {
  const { boss, queue, log } = context;
  const running = new Map<string, RunningJob>();
  const stopping = new AbortController();
  let fetching: Promise<void> | undefined;
  let wanted = false;
  /** The last fetch filled every free place: there may be more. */
  let backlog = false;

  const ended = createSettleBatch<RunJob>(
    (jobs) => boss.deleteJob(queue, jobs.map(attemptOf)),
    // They are handed out once more when their heartbeat is missed; the claim on the run then refuses.
    (error) => log.warn({ err: error }, 'ended jobs could not be taken off the queue'),
  );

  const pollTimer = setInterval(wake, context.pollMs);
  const touchTimer = setInterval(() => void touch(), touchMs);
  pollTimer.unref();
  touchTimer.unref();

  function wake(): void {
    wanted = true;
    if (stopping.signal.aborted || fetching) return;
    fetching = fetchRounds().finally(() => {
      fetching = undefined;
      // A wake-up that came after the last round ended and before this line.
      if (wanted && running.size < context.concurrency) wake();
    });
  }

  async function fetchRounds(): Promise<void> {
    while (wanted && !stopping.signal.aborted) {
      const free = context.concurrency - running.size;
      if (free <= 0) {
        backlog = true;
        return;
      }
      wanted = false;
      try {
        const jobs = await boss.fetch<RunJobData>(queue, { batchSize: free });
        backlog = jobs.length >= free;
        for (const job of jobs) begin(job);
      } catch (error) {
        log.warn({ err: error }, 'the queue does not answer; trying again');
        return;
      }
    }
  }

  function begin(job: RunJob): void {
    const controller = new AbortController();
    const done = execute(job, controller.signal).finally(() => {
      running.delete(job.id);
      if (backlog) wake();
    });
    running.set(job.id, { job, controller, done });
    // Fetched while stop() was called: hand it back.
    if (stopping.signal.aborted) controller.abort();
  }

  async function execute(job: RunJob, signal: AbortSignal): Promise<void> {
    try {
      await context.handler(job.data.runId, signal);
      ended.add(job);
    } catch (error) {
      await handBack(job, signal.aborted ? undefined : error);
    }
  }

  /** On shutdown at once, for another process; after a failure of this one with the queue's delay. */
  async function handBack(job: RunJob, error: unknown): Promise<void> {
    try {
      if (error === undefined) {
        await boss.insert(queue, [{ data: job.data, singletonKey: job.data.runId, priority: job.data.priority }]);
        ended.add(job);
        return;
      }
      log.warn({ err: error, runId: job.data.runId }, 'a run could not be handled; it is handed out again');
      await boss.fail(queue, [attemptOf(job)]);
    } catch (cause) {
      // The job stays active and is handed out again when its heartbeat is missed.
      log.warn({ err: cause, runId: job.data.runId }, 'a job could not be handed back');
    }
  }

  async function touch(): Promise<void> {
    if (running.size === 0) return;
    const held = [...running.values()].map(({ job }) => attemptOf(job));
    await boss.touch(queue, held).catch((error: unknown) => log.warn({ err: error }, 'jobs could not be touched'));
  }

  return {
    wake,
    async stop(graceMs) {
      stopping.abort();
      clearInterval(pollTimer);
      await fetching;
      const all = Promise.all([...running.values()].map(({ done }) => done));
      await settledWithin(all, graceMs);
      for (const { controller } of running.values()) controller.abort();
      await settledWithin(all, abortMs);
      clearInterval(touchTimer);
      await ended.flush();
    },
  };
}

/** Names the attempt that was fetched: a job that was handed out again since is left alone. */
function attemptOf(job: Job): { id: string; retryCount: number } {
  return { id: job.id, retryCount: job.retryCount };
}

async function settledWithin(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, deadline]);
  clearTimeout(timer);
}
