import { promisify } from 'node:util';

export interface ScriptTimers {
  readonly setTimeout: typeof setTimeout;
  readonly setInterval: typeof setInterval;
  readonly setImmediate: typeof setImmediate;
  /** Stops whatever the run left behind; an unref'd timer would go unseen otherwise. */
  clear(): void;
}

/** Timers of one run. */
export function createScriptTimers(): ScriptTimers {
  const timeouts = new Set<NodeJS.Timeout>();
  const immediates = new Set<NodeJS.Immediate>();

  const timeout = (
    callback: (...values: unknown[]) => void,
    delayMs?: number,
    ...values: unknown[]
  ): NodeJS.Timeout => {
    const timer = setTimeout(
      (...given: unknown[]) => {
        timeouts.delete(timer);
        callback(...given);
      },
      delayMs,
      ...values,
    );
    timeouts.add(timer);
    return timer;
  };
  const interval = (
    callback: (...values: unknown[]) => void,
    delayMs?: number,
    ...values: unknown[]
  ): NodeJS.Timeout => {
    const timer = setInterval(callback, delayMs, ...values);
    timeouts.add(timer);
    return timer;
  };
  const immediate = (callback: (...values: unknown[]) => void, ...values: unknown[]): NodeJS.Immediate => {
    const timer = setImmediate(
      (...given: unknown[]) => {
        immediates.delete(timer);
        callback(...given);
      },
      ...values,
    );
    immediates.add(timer);
    return timer;
  };

  return {
    setTimeout: Object.assign(timeout, { [promisify.custom]: promisify(setTimeout) }) as unknown as typeof setTimeout,
    setInterval: interval as unknown as typeof setInterval,
    setImmediate: Object.assign(immediate, {
      [promisify.custom]: promisify(setImmediate),
    }) as unknown as typeof setImmediate,
    clear() {
      for (const timer of timeouts) clearTimeout(timer);
      for (const timer of immediates) clearImmediate(timer);
      timeouts.clear();
      immediates.clear();
    },
  };
}
