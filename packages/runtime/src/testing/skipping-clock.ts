import type { Clock } from '../request/clock.ts';

export interface SkippingClock extends Clock {
  /** Every wait so far, in milliseconds. */
  readonly waits: readonly number[];
}

/**
 * A clock that goes forward by waits instead of letting them pass: a recorded "wait 30 s" takes no time.
 * @param readTime Unix time in milliseconds, without the waits
 */
export function createSkippingClock(readTime: () => number = Date.now): SkippingClock {
  const waits: number[] = [];
  let skippedMs = 0;
  return {
    waits,
    now: () => readTime() + skippedMs,
    async wait(ms, signal) {
      signal.throwIfAborted();
      waits.push(ms);
      skippedMs += ms;
    },
  };
}
