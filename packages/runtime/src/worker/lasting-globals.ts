/** Globals whose callbacks, or whose other ends, live on when the run that made them is over. */
const lastingNames = ['PerformanceObserver', 'MessageChannel', 'BroadcastChannel'] as const;

export interface LastingGlobals {
  /** A run begins: what earlier ones wanted to be told of is not told any more. */
  begin(): void;
  /** Whether a script of this process made something that could see, or be run in, the runs after its own. */
  isUsed(): boolean;
  /** Forgets what the run left in lists that every run can read. */
  clear(): void;
}

type Callback = (held: unknown) => void;

/**
 * Keeps a run from what would outlive it without keeping the process busy. A process in which such a thing was made
 * takes no other run; callbacks of collected objects, which Node's own fetch uses too, are silent once their run is
 * over. Sockets and timers are noticed by `countActiveResources` and cleared by the run's timers.
 */
export function watchLastingGlobals(): LastingGlobals {
  let isUsed = false;
  let runs = 0;
  const call = Reflect.apply;
  const construct = Reflect.construct;

  for (const name of lastingNames) {
    replaceConstructor(name, {
      construct(target, values, newTarget) {
        isUsed = true;
        return construct(target, values, newTarget) as object;
      },
    });
  }
  // Loaded before: what Node's fetch cleans up by it belongs to no run.
  void globalThis.Response;
  replaceConstructor('FinalizationRegistry', {
    construct(target, values: unknown[], newTarget) {
      const callback = values[0] as Callback;
      const run = runs;
      const whileOn: Callback = (held) => {
        if (run === 0 || run === runs) call(callback, undefined, [held]);
      };
      return construct(target, [whileOn], newTarget) as object;
    },
  });

  const timeline = globalThis.performance;
  // fetch adds the address of each request to the timeline of the process.
  const clears = [timeline.clearResourceTimings, timeline.clearMarks, timeline.clearMeasures];
  return {
    begin() {
      runs += 1;
    },
    isUsed: () => isUsed,
    clear() {
      for (let place = 0; place < clears.length; place += 1) {
        const clear = clears[place];
        if (clear) call(clear, timeline, []);
      }
    },
  };
}

function replaceConstructor(name: string, handler: ProxyHandler<NewableFunction>): void {
  const real: unknown = Reflect.get(globalThis, name);
  if (typeof real !== 'function') return;
  const value = new Proxy(real as NewableFunction, handler);
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
}
