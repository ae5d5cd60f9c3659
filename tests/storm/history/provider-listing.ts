import type { Item, Truth } from './truth.ts';

export interface ListQuery {
  /** `offset`: a place in the list as it is now. `keyset`: after an item. `snapshot`: a place in the list as it was. */
  readonly paging: 'offset' | 'keyset' | 'snapshot';
  readonly order: 'ascending' | 'descending' | 'shuffled';
  readonly since: string;
  readonly part?: string | undefined;
  readonly withDeleted: boolean;
  /** From the answer before; undefined: the first page. */
  readonly after: string | undefined;
}

export interface ListAnswer {
  readonly items: Item[];
  readonly next: string | null;
}

/** Serves lists of the truth in pages, in the ways that providers do. */
export class ProviderListing {
  readonly #truth: Truth;
  readonly #snapshots = new Map<string, string[]>();
  /** Another number, another order of `shuffled` lists. */
  shuffle = 1;
  pageSize = 2;

  constructor(truth: Truth) {
    this.#truth = truth;
  }

  list(query: ListQuery): ListAnswer {
    const chosen = this.#choose(query);
    if (query.paging === 'offset') {
      const from = query.after === undefined ? 0 : Number(query.after);
      return this.#cut(chosen, from, String);
    }
    if (query.paging === 'snapshot') return this.#listSnapshot(query, chosen);
    const from = query.after === undefined ? 0 : chosen.findIndex((item) => isAfter(item, query));
    if (from === -1) return { items: [], next: null };
    return this.#cut(chosen, from, (_place, last) => `${last.updatedAt}|${last.id}`);
  }

  /** The items that were there at the first page, with the values that they have now. */
  #listSnapshot(query: ListQuery, chosen: readonly Item[]): ListAnswer {
    const [name = `s${this.#snapshots.size}`, place = '0'] = query.after?.split(':') ?? [];
    if (query.after === undefined)
      this.#snapshots.set(
        name,
        chosen.map(({ id }) => id),
      );
    const ids = this.#snapshots.get(name) ?? [];
    const from = Number(place);
    const items = ids.slice(from, from + this.pageSize).flatMap((id) => this.#truth.get(id) ?? []);
    const next = from + this.pageSize < ids.length ? `${name}:${from + this.pageSize}` : null;
    return { items: items.filter(({ deleted }) => query.withDeleted || !deleted), next };
  }

  #cut(items: readonly Item[], from: number, token: (place: number, last: Item) => string): ListAnswer {
    const page = items.slice(from, from + this.pageSize);
    const last = page.at(-1);
    const to = from + page.length;
    return { items: page, next: last && to < items.length ? token(to, last) : null };
  }

  #choose({ order, since, part, withDeleted }: ListQuery): Item[] {
    const items = (withDeleted ? this.#truth.all() : this.#truth.live()).filter(
      (item) => item.updatedAt >= since && (part === undefined || item.part === part),
    );
    if (order === 'shuffled') return items.sort((a, b) => this.#lot(a) - this.#lot(b));
    items.sort((a, b) => compareKeys(keyOf(a), keyOf(b)));
    return order === 'ascending' ? items : items.toReversed();
  }

  #lot({ id }: Item): number {
    let mixed = this.shuffle * 0x9e3779b1;
    for (const letter of id) mixed = Math.imul(mixed ^ letter.charCodeAt(0), 0x85ebca6b) ^ (mixed >>> 13);
    return mixed >>> 0;
  }
}

function keyOf(item: Item): string {
  return `${item.updatedAt}|${item.id}`;
}

function compareKeys(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function isAfter(item: Item, { after = '', order }: ListQuery): boolean {
  return order === 'descending' ? keyOf(item) < after : keyOf(item) > after;
}
