import type { StoredRecord } from './stored-record.ts';

/** What happened to a record. */
export interface Change<Model> extends StoredRecord<Model> {
  readonly change: 'added' | 'updated' | 'deleted';
  /**
   * With `paths`: what differs from the version that was read last, as dot-separated paths. Null: that version is not
   * kept any more, so anything may.
   */
  readonly changedPaths?: readonly string[] | null;
  /**
   * Where to go on reading, to be stored by the app. In the middle of a page it is that page's beginning, so going on
   * from it may repeat changes but never misses one. Undefined: from the start.
   */
  readonly cursor: string | undefined;
}

export interface ChangesPage<Model> {
  readonly changes: readonly Change<Model>[];
  /** Where to go on reading, now or later. */
  readonly cursor: string;
  /** Whether more changes are waiting. */
  readonly hasMore: boolean;
}

/** The feed as the server sends it. */
export interface ChangesAnswer<Model> {
  readonly items: readonly Omit<Change<Model>, 'cursor'>[];
  readonly nextCursor: string;
  readonly hasMore: boolean;
}

/** The changes after a cursor, up to now. Iterating ends when no change is waiting. */
export class ChangeFeed<Model> implements AsyncIterable<Change<Model>> {
  readonly #read: (cursor: string | undefined) => Promise<ChangesAnswer<Model>>;
  readonly #start: string | undefined;

  /** @param read fetches one page of the feed */
  constructor(read: (cursor: string | undefined) => Promise<ChangesAnswer<Model>>, start: string | undefined) {
    this.#read = read;
    this.#start = start;
  }

  /** The pages: store `cursor` with what you did of the page, and every change is handled once. */
  async *pages(): AsyncGenerator<ChangesPage<Model>, void, undefined> {
    let cursor = this.#start;
    for (;;) {
      const { items, nextCursor, hasMore } = await this.#read(cursor);
      const before = cursor;
      const changes = items.map((item, index): Change<Model> => ({
        ...item,
        cursor: index === items.length - 1 ? nextCursor : before,
      }));
      yield { changes, cursor: nextCursor, hasMore };
      if (!hasMore) return;
      cursor = nextCursor;
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Change<Model>, void, undefined> {
    for await (const page of this.pages()) yield* page.changes;
  }
}
