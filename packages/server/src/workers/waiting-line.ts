export interface WaitingLine<Item> {
  readonly length: number;
  /** Higher priority first; within one priority, first come first served. */
  add(item: Item, priority: number): void;
  takeFirst(): Item | undefined;
  /** False: it was not there any more. */
  remove(item: Item): boolean;
}

/** Runs that wait for a worker: few enough (the engine hands out what can run) for a sorted list. */
export function createWaitingLine<Item>(): WaitingLine<Item> {
  const waiting: Array<{ item: Item; priority: number }> = [];
  return {
    get length() {
      return waiting.length;
    },
    add(item, priority) {
      const at = waiting.findIndex((other) => other.priority < priority);
      waiting.splice(at === -1 ? waiting.length : at, 0, { item, priority });
    },
    takeFirst: () => waiting.shift()?.item,
    remove(item) {
      const at = waiting.findIndex((other) => other.item === item);
      if (at !== -1) waiting.splice(at, 1);
      return at !== -1;
    },
  };
}
