import { TenonError } from '@tenon/runtime/errors';

export interface RenewalLimits {
  /** Exchanges with providers at a time, of this process. */
  readonly most: number;
  /** Of one provider. */
  readonly mostOfProvider: number;
}

export interface RenewalGate {
  /**
   * Waits for a place of the provider and runs the work in it.
   * @param options.urgent somebody waits for it: goes before those who don't
   * @throws TenonError `unavailable` when the gate was closed before the work began
   */
  run<Result>(options: { provider: string; urgent: boolean }, work: () => Promise<Result>): Promise<Result>;
  /** Refuses what has not begun. */
  close(): void;
}

interface Waiting {
  readonly provider: string;
  readonly begin: () => void;
  readonly refuse: (error: unknown) => void;
}

/**
 * Lets so many exchanges happen at a time. No provider gets every place, so that one which hangs until the deadline
 * does not keep the others waiting.
 */
export function createRenewalGate(limits: RenewalLimits): RenewalGate {
  const running = new Map<string, number>();
  const urgentLine: Waiting[] = [];
  const patientLine: Waiting[] = [];
  let total = 0;
  let closed = false;

  function hasPlace(provider: string): boolean {
    return total < limits.most && (running.get(provider) ?? 0) < limits.mostOfProvider;
  }

  function count(provider: string, change: 1 | -1): void {
    total += change;
    const left = (running.get(provider) ?? 0) + change;
    if (left === 0) running.delete(provider);
    else running.set(provider, left);
  }

  function beginNext(): void {
    for (const line of [urgentLine, patientLine]) {
      if (total >= limits.most) return;
      const index = line.findIndex(({ provider }) => hasPlace(provider));
      const [next] = index === -1 ? [] : line.splice(index, 1);
      if (!next) continue;
      count(next.provider, 1);
      next.begin();
      return;
    }
  }

  function enter(provider: string, urgent: boolean): Promise<void> {
    if (closed) return Promise.reject(closing());
    if (hasPlace(provider)) {
      count(provider, 1);
      return Promise.resolve();
    }
    return new Promise((begin, refuse) => (urgent ? urgentLine : patientLine).push({ provider, begin, refuse }));
  }

  return {
    async run({ provider, urgent }, work) {
      await enter(provider, urgent);
      try {
        return await work();
      } finally {
        count(provider, -1);
        beginNext();
      }
    },
    close() {
      closed = true;
      for (const { refuse } of [...urgentLine.splice(0), ...patientLine.splice(0)]) refuse(closing());
    },
  };
}

function closing(): TenonError {
  return new TenonError('unavailable', 'The server is stopping.', { hint: 'Try again in a moment.' });
}
