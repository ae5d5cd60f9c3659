import { scheduler, setImmediate as waitTurn, setInterval as tick, setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';

export interface ScriptTimers {
  readonly setTimeout: typeof setTimeout;
  readonly setInterval: typeof setInterval;
  readonly setImmediate: typeof setImmediate;
  /** What `timers` and `timers/promises` are to the run. */
  readonly module: Readonly<Record<string, unknown>> & { readonly promises: object };
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

  const own = {
    setTimeout: Object.assign(timeout, { [promisify.custom]: promises.setTimeout }) as unknown as typeof setTimeout,
    setInterval: interval as unknown as typeof setInterval,
    setImmediate: Object.assign(immediate, {
      [promisify.custom]: promises.setImmediate,
    }) as unknown as typeof setImmediate,
  };
  return {
    ...own,
    module: Object.freeze({ ...own, clearTimeout, clearInterval, clearImmediate, promises }),
    clear() {
      for (const timer of timeouts) clearTimeout(timer);
      for (const timer of immediates) clearImmediate(timer);
      timeouts.clear();
      immediates.clear();
    },
  };
}

interface WaitOptions {
  signal?: AbortSignal;
  ref?: boolean;
}

/** Always with `ref`: a wait that outlives its run has to be seen. */
const held = (options: WaitOptions = {}): WaitOptions => ({ ...options, ref: true });

const promises = Object.freeze({
  setTimeout: (delayMs?: number, value?: unknown, options?: WaitOptions) => wait(delayMs, value, held(options)),
  setImmediate: (value?: unknown, options?: WaitOptions) => waitTurn(value, held(options)),
  setInterval: (delayMs?: number, value?: unknown, options?: WaitOptions) => tick(delayMs, value, held(options)),
  scheduler: Object.freeze({
    wait: (delayMs: number, options?: WaitOptions) => wait(delayMs, undefined, held(options)),
    yield: () => scheduler.yield(),
  }),
});
