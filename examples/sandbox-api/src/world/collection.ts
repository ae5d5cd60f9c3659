interface Identified {
  readonly id: string;
}

/** How many sorted or filtered views are remembered until the next change. */
const maxViews = 64;

/**
 * Items in the order in which they were added, with each one's JSON text made once. A page is then a join of texts:
 * serialising 100 issues of 1 kB for each request would cost more than serving them.
 */
export class Collection<Item extends Identified> {
  readonly #items = new Map<string, Item>();
  readonly #texts = new Map<string, string>();
  readonly #views = new Map<string, readonly Item[]>();

  get size(): number {
    return this.#items.size;
  }

  get(id: string): Item | undefined {
    return this.#items.get(id);
  }

  /** Adds or replaces; a replaced item keeps its place. */
  put(item: Item): void {
    this.#items.set(item.id, item);
    this.#texts.delete(item.id);
    this.#views.clear();
  }

  delete(id: string): boolean {
    this.#texts.delete(id);
    this.#views.clear();
    return this.#items.delete(id);
  }

  values(): Item[] {
    return [...this.#items.values()];
  }

  /** The items as `arrange` gives them, remembered under `key` until something changes. */
  view(key: string, arrange: (items: Item[]) => readonly Item[]): readonly Item[] {
    const known = this.#views.get(key);
    if (known) return known;
    if (this.#views.size >= maxViews) this.#views.clear();
    const made = arrange(this.values());
    this.#views.set(key, made);
    return made;
  }

  /** JSON of one item. */
  textOf(item: Item): string {
    const known = this.#texts.get(item.id);
    if (known !== undefined) return known;
    const text = JSON.stringify(item);
    this.#texts.set(item.id, text);
    return text;
  }

  /** JSON of a list of items. */
  listText(items: readonly Item[]): string {
    return `[${items.map((item) => this.textOf(item)).join(',')}]`;
  }

  /** JSON of everything that lives. */
  allText(): string {
    return this.listText(this.values());
  }
}
