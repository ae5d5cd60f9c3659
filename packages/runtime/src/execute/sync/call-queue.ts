export interface CallQueue {
  /** Does the call after those before it. */
  add<Result>(call: () => Promise<Result> | Result): Promise<Result>;
  /** Resolves when every call is done; rejects with what the first failed one threw. */
  drain(): Promise<void>;
  /** Resolves when every call is done, well or not. */
  settle(): Promise<void>;
}

/**
 * One call after the other, also when the script forgets to await them; the run waits for all. A failed call fails the
 * run even where the script swallows its error: with `deletes: 'absence'` the missing records would be deleted.
 */
export function createCallQueue(): CallQueue {
  let tail: Promise<unknown> = Promise.resolve();
  return {
    add<Result>(call: () => Promise<Result> | Result) {
      const result = tail.then(call);
      // drain() reports the failure; a script that does not await it must not end its process by that.
      result.catch(() => undefined);
      tail = result;
      return result;
    },
    async drain() {
      await tail;
    },
    async settle() {
      await tail.catch(() => undefined);
    },
  };
}
