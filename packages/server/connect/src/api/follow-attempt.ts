import type { ConnectAttempt } from '@tenon/runtime/contract';
import type { ConnectApi } from './connect-api.ts';
import { ConnectFailure } from './connect-failure.ts';

/** Milliseconds before the next question after one that failed; the last repeats. */
const pausesMs = [500, 1_000, 2_000, 5_000];
/** An answer that came sooner was not held back, so asking on at once would be a storm. */
const shortestRoundMs = 1_000;

/**
 * Asks until the attempt has ended. The server is the only source of the result: a popup's message may be lost, or its
 * tab closed, so messages only make the next question come sooner.
 * @param options.pause resolves after a time, or sooner when there is news; rejects when the signal is aborted
 * @throws ConnectFailure when the server refuses, such as `connect_session_invalid`; a lost connection is retried
 */
export async function followAttempt(
  api: Pick<ConnectApi, 'waitForAttempt'>,
  id: string,
  options: {
    readonly signal: AbortSignal;
    readonly pause: (ms: number) => Promise<void>;
    readonly nowMs: () => number;
  },
): Promise<ConnectAttempt> {
  for (let failures = 0; ;) {
    const askedAtMs = options.nowMs();
    try {
      const attempt = await api.waitForAttempt(id, { signal: options.signal });
      if (attempt.status !== 'pending') return attempt;
      failures = 0;
      const restMs = shortestRoundMs - (options.nowMs() - askedAtMs);
      if (restMs > 0) await options.pause(restMs);
    } catch (error) {
      options.signal.throwIfAborted();
      const passing = error instanceof ConnectFailure && passingCodes.has(error.code);
      if (!passing) throw error;
      await options.pause(pausesMs[Math.min(failures, pausesMs.length - 1)] ?? 0);
      failures += 1;
    }
  }
}

const passingCodes = new Set(['network_failed', 'rate_limited', 'unavailable']);
