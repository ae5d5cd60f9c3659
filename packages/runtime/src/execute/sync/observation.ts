/** Knows since when the provider's answer that a script works on has been true. */
export interface Observation {
  /** A request begins; what is returned ends it. */
  startRequest(): () => void;
  /** A pagination gives its pages to the script. */
  startPages(): PagesObserved;
  /** Unix time in milliseconds when the answer was asked for that records saved now come from. */
  take(): number;
}

export interface PagesObserved {
  /** The script gets the page that was asked for at this time. */
  give(requestedAtMs: number): void;
  end(): void;
}

/**
 * While a script works on a page, what it saves was observed when that page was asked for; with paginations within each
 * other, the page that came last. Without one: when the earliest request since the last save began, for its answer may
 * be what is saved. Rather too early than too late: what is observed too late overwrites what is newer.
 * @param startMs when the run began, for what is saved without any request
 */
export function createObservation({ startMs, now }: { startMs: number; now: () => number }): Observation {
  const inFlight = new Set<{ readonly startedMs: number }>();
  /** In the order in which their last pages came. */
  const pages = new Map<object, number>();
  let earliestMs: number | undefined;
  let lastMs = startMs;

  return {
    startRequest() {
      const request = { startedMs: now() };
      inFlight.add(request);
      earliestMs ??= request.startedMs;
      return () => inFlight.delete(request);
    },
    startPages() {
      const key = {};
      return {
        give(requestedAtMs) {
          pages.delete(key);
          pages.set(key, requestedAtMs);
        },
        end: () => pages.delete(key),
      };
    },
    take() {
      const page = [...pages.values()].at(-1);
      const observedMs = page ?? earliestMs ?? lastMs;
      if (page === undefined) lastMs = observedMs;
      // An answer that is on its way may be what the next save is about.
      earliestMs = inFlight.size === 0 ? undefined : Math.min(...[...inFlight].map(({ startedMs }) => startedMs));
      return observedMs;
    },
  };
}
