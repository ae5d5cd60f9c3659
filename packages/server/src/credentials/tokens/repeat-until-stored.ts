import { setTimeout as delay } from 'node:timers/promises';

/** A database that is gone for longer is not a hiccup; its backup would not have the token either. */
const patienceMs = 300_000;
/** What a stopping server can spare of its grace. */
const stoppingPatienceMs = 5_000;

/**
 * Stores what cannot be had again: a rotated refresh token lives only in this process until the database has it.
 * Repeated with growing pauses for 5 minutes, once the server stops for 5 seconds.
 * @returns what `store` resolved with
 * @throws what it rejected with last
 */
export async function repeatUntilStored<Result>(
  store: () => Promise<Result>,
  options: {
    signal: AbortSignal;
    onFailure: (error: unknown) => void;
    onSurrender: (error: unknown) => void;
  },
): Promise<Result> {
  const { signal } = options;
  const begunMs = performance.now();
  let stoppingMs: number | undefined;
  for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 2, 2_000)) {
    try {
      return await store();
    } catch (error) {
      if (signal.aborted) stoppingMs ??= performance.now();
      const isTooLate =
        performance.now() - begunMs > patienceMs ||
        (stoppingMs !== undefined && performance.now() - stoppingMs > stoppingPatienceMs);
      if (isTooLate) {
        options.onSurrender(error);
        throw error;
      }
      options.onFailure(error);
      // A server that begins to stop tries at once.
      await delay(pauseMs, undefined, signal.aborted ? {} : { signal }).catch(() => undefined);
    }
  }
}
