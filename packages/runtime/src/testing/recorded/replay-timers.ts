import { clearTimeout, setInterval, setTimeout } from 'node:timers';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { ReplayTime } from './replay-time.ts';

type Callback = (...values: unknown[]) => void;
interface WaitOptions {
  readonly signal?: AbortSignal;
  readonly ref?: boolean;
}

/** Stands for Node's Timeout object. */
class ReplayTimeout {
  readonly #cancel: () => void;
  constructor(cancel: () => void) {
    this.#cancel = cancel;
  }
  close(): this {
    this.#cancel();
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
  hasRef(): boolean {
    return true;
  }
  [Symbol.dispose](): void {
    this.#cancel();
  }
}

/**
 * Timers that pass at once where there is a replay, and are Node's own elsewhere.
 * @param findTime of the replay that calls, if one does
 */
export function createReplayTimers(findTime: () => ReplayTime | undefined): {
  readonly setTimeout: unknown;
  readonly setInterval: unknown;
  readonly clear: (timer: unknown) => void;
  readonly wait: (delayMs?: number, value?: unknown, options?: WaitOptions) => Promise<unknown>;
} {
  // Kept here: the module's own binding is what is replaced.
  const native = { setTimeout, setInterval, clearTimeout, wait };
  const start =
    (isRepeated: boolean) =>
    (call: Callback, delayMs = 0, ...values: unknown[]): unknown => {
      const time = findTime();
      if (time === undefined) return (isRepeated ? native.setInterval : native.setTimeout)(call, delayMs, ...values);
      return new ReplayTimeout(time.schedule(() => call(...values), { delayMs, isRepeated }));
    };
  const waitFor = async (delayMs = 0, value?: unknown, options: WaitOptions = {}): Promise<unknown> => {
    const time = findTime();
    if (time === undefined) return await native.wait(delayMs, value, options);
    const { signal } = options;
    signal?.throwIfAborted();
    return await new Promise((resolve, reject) => {
      const onAbort = (): void => {
        cancel();
        reject(new DOMException('The operation was aborted', { name: 'AbortError', cause: signal?.reason }));
      };
      const finish = (): void => {
        signal?.removeEventListener('abort', onAbort);
        resolve(value);
      };
      const cancel = time.schedule(finish, { delayMs, isRepeated: false });
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  };
  return {
    setTimeout: Object.assign(start(false), { [promisify.custom]: waitFor }),
    setInterval: start(true),
    clear(timer) {
      if (timer instanceof ReplayTimeout) timer.close();
      else native.clearTimeout(timer as NodeJS.Timeout);
    },
    wait: waitFor,
  };
}
