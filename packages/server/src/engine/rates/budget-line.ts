/** What a statement let go. */
export interface Lease {
  readonly granted: number;
  /** Milliseconds until it is worth to ask again. */
  readonly waitMs: number;
}

export interface BudgetLineOptions {
  /** Takes calls of the budget that all servers share. */
  take(wanted: number, options: { isInteractive: boolean }): Promise<Lease>;
  /** How long calls that were taken in advance are good for. */
  readonly leaseMs: number;
  /** Most calls that are taken in advance. */
  readonly chunk: number;
  /** Whoever would wait longer is told so instead. */
  readonly maxWaitMs: number;
  /** What a window gives, for how long those at the end of the line will wait; undefined: not known. */
  readonly pace?: { readonly limit: number; readonly windowMs: number } | undefined;
  /** Milliseconds of a clock that only goes forward. */
  now(): number;
}

export interface BudgetLine {
  /**
   * Stands in line for one call.
   * @returns 0, or the milliseconds that it would take, where that is longer than a call may wait
   */
  wait(options: { isInteractive: boolean; signal: AbortSignal }): Promise<number>;
  /** Calls that were taken in advance do not count any more: the provider said that there are none. */
  dropLease(): void;
}

interface Waiting {
  readonly isInteractive: boolean;
  settle(waitMs: number): void;
  fail(error: unknown): void;
}

/**
 * The line of this process before one budget: actions first, then whoever came first. A run that makes many calls stands
 * at the end of the line for each, so runs take turns. One statement is on its way at a time; where calls come fast, it
 * takes some in advance.
 */
export function createBudgetLine(options: BudgetLineOptions): BudgetLine {
  const { take, leaseMs, chunk, maxWaitMs, pace, now } = options;
  const line: Waiting[] = [];
  let lease = { calls: 0, untilMs: 0 };
  let served = { calls: 0, sinceMs: 0 };
  let timer: NodeJS.Timeout | undefined;
  let serving = false;

  function countServed(): void {
    if (now() - served.sinceMs > leaseMs) served = { calls: 0, sinceMs: now() };
    served.calls += 1;
  }

  function serveLease(): void {
    while (line.length > 0 && lease.calls > 0 && now() < lease.untilMs) {
      lease.calls -= 1;
      countServed();
      line.shift()?.settle(0);
    }
  }

  /** No more than half of what the last moments used: what is not used in time is lost. */
  function wantedOf(isInteractive: boolean): number {
    const inLine = line.filter((waiting) => waiting.isInteractive === isInteractive).length;
    const isBusy = now() - served.sinceMs <= leaseMs;
    const ahead = isInteractive || !isBusy ? 0 : Math.floor(served.calls / 2);
    return Math.max(1, Math.min(inLine + ahead, chunk));
  }

  function sendAway(waitMs: number): void {
    for (let place = line.length - 1; place >= 0; place -= 1) {
      const turns = pace ? Math.floor(place / pace.limit) * pace.windowMs : 0;
      if (waitMs + turns <= maxWaitMs) return;
      line.pop()?.settle(waitMs + turns);
    }
  }

  async function serve(): Promise<void> {
    if (serving) return;
    serving = true;
    clearTimeout(timer);
    timer = undefined;
    try {
      for (;;) {
        serveLease();
        const [first] = line;
        if (!first) return;
        const { granted, waitMs } = await take(wantedOf(first.isInteractive), first);
        lease = { calls: granted, untilMs: now() + leaseMs };
        if (granted > 0) continue;
        // An action came meanwhile: it may take what is kept for actions.
        if (!first.isInteractive && line[0]?.isInteractive) continue;
        sendAway(waitMs);
        if (line.length > 0) timer = setTimeout(() => void serve(), Math.min(waitMs, maxWaitMs));
        return;
      }
    } catch (error) {
      for (const { fail } of line.splice(0)) fail(error);
    } finally {
      serving = false;
    }
  }

  function leave(waiting: Waiting): void {
    const place = line.indexOf(waiting);
    if (place !== -1) line.splice(place, 1);
    if (line.length > 0) return;
    clearTimeout(timer);
    timer = undefined;
  }

  function enter(waiting: Waiting): void {
    const place = waiting.isInteractive ? line.findIndex(({ isInteractive }) => !isInteractive) : -1;
    if (place === -1) line.push(waiting);
    else line.splice(place, 0, waiting);
  }

  return {
    wait: ({ isInteractive, signal }) =>
      new Promise<number>((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason as Error);
        const onAbort = (): void => {
          leave(waiting);
          reject(signal.reason as Error);
        };
        const waiting: Waiting = {
          isInteractive,
          settle(waitMs) {
            signal.removeEventListener('abort', onAbort);
            resolve(waitMs);
          },
          fail(error) {
            signal.removeEventListener('abort', onAbort);
            reject(error as Error);
          },
        };
        signal.addEventListener('abort', onAbort, { once: true });
        enter(waiting);
        // While the line waits for the budget, a sync at its end changes nothing.
        if (timer === undefined || isInteractive) void serve();
      }),
    dropLease() {
      lease = { calls: 0, untilMs: 0 };
    },
  };
}
