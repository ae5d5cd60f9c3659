/**
 * Collects what must be written and writes it in batches: one statement is under way at a time, and what arrives
 * meanwhile goes with the next one. Under load a statement settles many jobs; an idle server waits for nothing.
 */
export interface SettleBatch<Item> {
  add(item: Item): void;
  /** Resolves when everything added so far was written, or given up. */
  flush(): Promise<void>;
}

/** @param write must handle its own failures; a rejection is handed to `onError` and the items are dropped */
export function createSettleBatch<Item>(
  write: (items: readonly Item[]) => Promise<unknown>,
  onError: (error: unknown) => void,
): SettleBatch<Item> {
  let waiting: Item[] = [];
  let writing: Promise<void> | undefined;

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const items = waiting;
      waiting = [];
      try {
        await write(items);
      } catch (error) {
        onError(error);
      }
    }
    writing = undefined;
  }

  return {
    add(item) {
      waiting.push(item);
      // Started in a microtask, so that jobs which end in the same turn share a statement.
      writing ??= Promise.resolve().then(drain);
    },
    async flush() {
      await writing;
    },
  };
}
