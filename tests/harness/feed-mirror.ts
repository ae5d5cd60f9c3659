import type { Change, ChangesPage } from '@tenon/runtime/contract';
import type { TenonServer } from './start-tenon-server.ts';

/** What an app holds that follows the change feed of one model, and keeps the cursor over everybody's restarts. */
export interface FeedMirror {
  /** Reads on to the end of the feed. */
  follow(server: TenonServer): Promise<void>;
  readonly records: ReadonlyMap<string, Record<string, unknown>>;
  /** Changes that an app could not make sense of: updates of records that it was never given. */
  readonly absurd: readonly Change[];
}

export function createFeedMirror(route: string): FeedMirror {
  const records = new Map<string, Record<string, unknown>>();
  const absurd: Change[] = [];
  let cursor = '';

  function apply(change: Change): void {
    if (change.change === 'updated' && !records.has(change.id)) absurd.push(change);
    if (change.change === 'deleted') records.delete(change.id);
    else records.set(change.id, change.data);
  }

  return {
    records,
    absurd,
    async follow(server) {
      for (let hasMore = true; hasMore;) {
        const query = `?limit=200${cursor === '' ? '' : `&cursor=${cursor}`}`;
        const { status, body } = await server.call<ChangesPage>('GET', `${route}${query}`);
        if (status !== 200) throw new Error(`The feed answered ${status}: ${JSON.stringify(body)}`);
        for (const change of body.items) apply(change);
        // As an app would: what was applied is kept together with the place to go on from.
        cursor = body.nextCursor;
        hasMore = body.hasMore;
      }
    },
  };
}
