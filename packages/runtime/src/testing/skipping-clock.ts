import type { Clock } from '../request/clock.ts';

/** A clock that goes forward by waits instead of letting them pass: a recorded "wait 30 s" takes no time. */
export function createSkippingClock(): Clock {
  let skippedMs = 0;
  return {
    now: () => Date.now() + skippedMs,
    async wait(ms, signal) {
      signal.throwIfAborted();
      skippedMs += ms;
    },
  };
}
