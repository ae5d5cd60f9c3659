import type { Change, ChangesPage } from '@tenon/runtime/contract';

/** What an app holds that follows the change feed. */
export interface FeedReader {
  readonly records: ReadonlyMap<string, Record<string, unknown>>;
  /** Reads on to the end. @returns how many changes there were */
  follow(): Promise<number>;
}

/** @throws when a change makes no sense to somebody who saw all changes before it */
export function createFeedReader(readPage: (cursor: string | undefined) => Promise<ChangesPage>): FeedReader {
  const records = new Map<string, Record<string, unknown>>();
  let cursor: string | undefined;

  function apply({ id, change, data }: Change): void {
    if (change === 'updated' && !records.has(id)) throw new Error(`The feed updates ${id}, which it never added.`);
    if (change === 'deleted') records.delete(id);
    else records.set(id, data);
  }

  return {
    records,
    async follow() {
      let count = 0;
      for (;;) {
        const page = await readPage(cursor);
        const ids = page.items.map(({ id }) => id);
        if (new Set(ids).size < ids.length)
          throw new Error(`A page of the feed has a record twice: ${ids.join(', ')}.`);
        for (const change of page.items) apply(change);
        count += page.items.length;
        cursor = page.nextCursor;
        if (!page.hasMore) return count;
      }
    },
  };
}
