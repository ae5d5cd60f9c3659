import type { Engine, EngineJob, RunHandler } from '../engine.ts';

/** A queue within one process, forgotten when it ends: for tests that are not about the queue. */
export interface MemoryQueue {
  /** An engine that takes from this queue; several may. */
  openEngine(options: { concurrency: number }): Engine;
  /** Puts what is running back into the queue, as if the processes that hold it had died. */
  loseHolders(): void;
}

interface Taker {
  readonly handler: RunHandler;
  readonly concurrency: number;
  readonly running: Map<EngineJob, { controller: AbortController; done: Promise<void> }>;
}

/** @param options.retryDelayMs how long a run waits after its handler rejected; default 10 */
export function createMemoryQueue(options: { retryDelayMs?: number } = {}): MemoryQueue {
  const waiting = new Map<string, EngineJob>();
  const takers = new Set<Taker>();
  const lost = new Set<EngineJob>();
  let timer: NodeJS.Timeout | undefined;

  function add(job: EngineJob): void {
    if (!waiting.has(job.runId)) waiting.set(job.runId, job);
  }

  function pump(): void {
    clearTimeout(timer);
    const now = Date.now();
    const jobs = [...waiting.values()].toSorted((a, b) => b.priority - a.priority);
    for (const job of jobs.filter((job) => (job.startAfterMs ?? 0) <= now)) {
      const taker = [...takers].find(({ running, concurrency }) => running.size < concurrency);
      if (taker) begin(taker, job);
    }
    const later = jobs.map((job) => job.startAfterMs ?? 0).filter((atMs) => atMs > now);
    if (later.length > 0 && takers.size > 0) timer = setTimeout(pump, Math.min(...later) - now);
  }

  function begin(taker: Taker, job: EngineJob): void {
    waiting.delete(job.runId);
    const controller = new AbortController();
    const done = taker
      .handler(job.runId, controller.signal)
      .catch(() => {
        const delayMs = controller.signal.aborted ? 0 : (options.retryDelayMs ?? 10);
        if (!lost.delete(job)) add({ ...job, startAfterMs: Date.now() + delayMs });
      })
      .finally(() => {
        taker.running.delete(job);
        pump();
      });
    taker.running.set(job, { controller, done });
  }

  function openEngine({ concurrency }: { concurrency: number }): Engine {
    let taker: Taker | undefined;
    return {
      enqueue(...jobs) {
        for (const job of jobs) add(job);
        pump();
        return Promise.resolve();
      },
      start(handler) {
        taker = { handler, concurrency, running: new Map() };
        takers.add(taker);
        pump();
        return Promise.resolve();
      },
      async stop({ graceMs }) {
        if (!taker) return;
        takers.delete(taker);
        const runs = [...taker.running.values()];
        const abortTimer = setTimeout(() => {
          for (const { controller } of runs) controller.abort();
        }, graceMs);
        await Promise.all(runs.map(({ done }) => done));
        clearTimeout(abortTimer);
        if (takers.size === 0) clearTimeout(timer);
      },
    };
  }

  return {
    openEngine,
    loseHolders() {
      for (const { running } of takers)
        for (const job of running.keys()) {
          lost.add(job);
          add(job);
        }
      pump();
    },
  };
}
