import type { Clock } from '../../request/clock.ts';

/** The time of one replay: it stands still while a script works, and goes forward by what is waited for. */
export interface ReplayTime extends Clock {
  /** As setTimeout and setInterval: returns what cancels it. */
  schedule(call: () => void, timing: { delayMs: number; isRepeated: boolean }): () => void;
  /** 0 <= n < 1; the same numbers in the same order in every replay. */
  random(): number;
  /** Timers that are left never fire. */
  stop(): void;
}

interface Timer {
  dueMs: number;
  readonly order: number;
  readonly call: () => void;
  readonly everyMs: number | undefined;
}

/**
 * @param options `startMs`: Unix time in milliseconds; `isBusy`: whether an answer is on its way, which comes before
 *   any timer, as a timeout of a script's own must not overtake a provider that answered in time
 */
export function createReplayTime({ startMs, isBusy }: { startMs: number; isBusy: () => boolean }): ReplayTime {
  let nowMs = startMs;
  let order = 0;
  let isStopped = false;
  let isTicking = false;
  const timers = new Set<Timer>();
  const random = createRandom(startMs);

  function tick(): void {
    if (isTicking || isStopped || timers.size === 0) return;
    isTicking = true;
    setImmediate(() => {
      isTicking = false;
      if (!isStopped && !isBusy()) fireNext();
      tick();
    });
  }

  function fireNext(): void {
    const [next] = [...timers].sort((a, b) => a.dueMs - b.dueMs || a.order - b.order);
    if (next === undefined) return;
    nowMs = Math.max(nowMs, next.dueMs);
    if (next.everyMs === undefined) timers.delete(next);
    else next.dueMs += next.everyMs;
    next.call();
  }

  return {
    now: () => nowMs,
    async wait(ms, signal) {
      signal.throwIfAborted();
      nowMs += ms;
    },
    schedule(call, { delayMs, isRepeated }) {
      // As Node does with what is no number or too small.
      const ms = delayMs >= 1 ? Math.trunc(delayMs) : 1;
      const timer: Timer = { dueMs: nowMs + ms, order: (order += 1), call, everyMs: isRepeated ? ms : undefined };
      timers.add(timer);
      tick();
      return () => void timers.delete(timer);
    },
    random,
    stop() {
      isStopped = true;
      timers.clear();
    },
  };
}

/** mulberry32: small, and good enough for what scripts use random numbers for. */
function createRandom(seed: number): () => number {
  let state = Math.trunc(seed) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
