/** Work that is done again and again in the background, one round at a time. */
export interface Sweeper {
  /** Does a round now, and one after each interval. */
  start(): void;
  /** Does a round now, after the one that is under way. Never rejects. */
  sweep(): Promise<void>;
  /** Aborts the signal and resolves when the round that is under way has ended. */
  stop(): Promise<void>;
}

/**
 * @param options.everyMs between the beginnings of two rounds, in milliseconds
 * @param options.round may stop half-way when the signal is aborted
 * @param options.onError a round failed; the next one comes all the same
 */
export function createSweeper(options: {
  readonly everyMs: number;
  round(signal: AbortSignal): Promise<void>;
  onError(error: unknown): void;
}): Sweeper {
  const stopping = new AbortController();
  const { signal } = stopping;
  let timer: NodeJS.Timeout | undefined;
  let sweeping: Promise<void> = Promise.resolve();

  function sweep(): Promise<void> {
    sweeping = sweeping.then(() => options.round(signal)).catch(options.onError);
    return sweeping;
  }

  return {
    sweep,
    start() {
      timer = setInterval(() => void sweep(), options.everyMs);
      timer.unref();
      void sweep();
    },
    async stop() {
      stopping.abort();
      clearInterval(timer);
      await sweeping;
    },
  };
}
