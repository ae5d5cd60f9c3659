/** A record as the simulated provider has it. */
export interface Item {
  readonly id: string;
  readonly part: string;
  readonly value: number;
  /** ISO 8601 time of the last change. */
  readonly updatedAt: string;
  readonly deleted: boolean;
}

export interface Mutation {
  readonly add: number;
  /** Any numbers: places among what lives, modulo how many there are. */
  readonly update: readonly number[];
  readonly remove: readonly number[];
  /** Every item but so many, or none. */
  readonly removeAllBut?: number | undefined;
  /** Whether it bears the time of the change before it. */
  readonly sameInstant: boolean;
}

/** One entry of the provider's feed of deletions. */
export interface Deletion {
  readonly sequence: number;
  readonly id: string;
}

/**
 * What is true: the provider's records, in memory. Its clock is its own and moves a second a change, so that the times
 * of changes are equal exactly when a history says so.
 */
export class Truth {
  readonly #items = new Map<string, Item>();
  readonly #deletions: Deletion[] = [];
  readonly #events: Item[] = [];
  #clockMs = Date.UTC(2025, 0, 1);
  #made = 0;
  #values = 0;
  /** Grows with each mutation. */
  version = 0;

  constructor(count: number) {
    this.mutate({ add: count, update: [], remove: [], sameInstant: true });
  }

  get now(): string {
    return new Date(this.#clockMs).toISOString();
  }

  get deletions(): readonly Deletion[] {
    return this.#deletions;
  }

  /** What the provider has to tell by webhook: each change as it was made, the oldest first. */
  get events(): readonly Item[] {
    return this.#events;
  }

  /** Also those that are deleted, which providers with a flag go on listing. */
  all(): Item[] {
    return [...this.#items.values()];
  }

  live(): Item[] {
    return this.all().filter(({ deleted }) => !deleted);
  }

  get(id: string): Item | undefined {
    return this.#items.get(id);
  }

  /** @returns ids of what changed */
  mutate({ add, update, remove, removeAllBut, sameInstant }: Mutation): string[] {
    this.version += 1;
    if (!sameInstant) this.#clockMs += 1_000;
    const changed: string[] = [];
    const at = (places: readonly number[]): Item[] => {
      const live = this.live();
      return [...new Set(places.map((place) => live[place % Math.max(1, live.length)]))].filter(
        (item) => item !== undefined,
      );
    };
    for (const item of at(remove)) changed.push(this.#remove(item));
    if (removeAllBut !== undefined)
      for (const item of this.live().slice(removeAllBut)) changed.push(this.#remove(item));
    for (const item of at(update)) changed.push(this.#put({ ...item, value: ++this.#values }));
    for (let count = 0; count < add; count += 1) {
      this.#made += 1;
      const part = `p${this.#made % 3}`;
      changed.push(this.#put({ id: `i${this.#made}`, part, value: ++this.#values, updatedAt: '', deleted: false }));
    }
    return changed;
  }

  #put(item: Item): string {
    const changed = { ...item, updatedAt: this.now };
    this.#items.set(item.id, changed);
    this.#events.push(changed);
    return item.id;
  }

  #remove(item: Item): string {
    this.#deletions.push({ sequence: this.#deletions.length + 1, id: item.id });
    return this.#put({ ...item, deleted: true });
  }
}
