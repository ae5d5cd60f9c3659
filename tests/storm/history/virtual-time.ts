import { vi } from 'vitest';

/** Time that passes only when a history says so: for Date and for performance.now alike. */
export interface VirtualTime {
  now(): number;
  pass(ms: number): void;
  end(): void;
}

const beginning = Date.UTC(2026, 0, 1);

/** Timers stay real: nothing in a history waits for one. */
export function startVirtualTime(): VirtualTime {
  vi.useFakeTimers({ toFake: ['Date', 'performance'], now: beginning });
  return {
    now: () => Date.now(),
    pass: (ms) => void vi.advanceTimersByTime(ms),
    end: () => void vi.useRealTimers(),
  };
}
