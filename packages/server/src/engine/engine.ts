/**
 * The engine port: turns "this run should happen" into "this process does it now", once, in priority order, whatever
 * dies in between. Adapters: pg-boss here; the contract suite in engine-contract.ts is what any other must pass.
 */
export interface Engine {
  /** Begins to take runs. The handler is called with at most `concurrency` runs at a time. */
  start(handler: RunHandler): Promise<void>;
  /** Stops taking runs and waits for the running ones until the deadline. */
  stop(options: { graceMs: number }): Promise<void>;
  /**
   * Wakes a free process at once; a lost wake-up is covered by a poll. A run that waits already is not added again,
   * so whoever is unsure may enqueue once more.
   */
  enqueue(...jobs: readonly EngineJob[]): Promise<void>;
}

export interface EngineJob {
  readonly runId: string;
  /** Higher first. */
  readonly priority: number;
  /** Unix time in milliseconds; absent: now. */
  readonly startAfterMs?: number;
}

/** Rejects when the run should be handed out again (its process is going away); resolves when the run has ended, well or not. */
export type RunHandler = (runId: string, signal: AbortSignal) => Promise<void>;
