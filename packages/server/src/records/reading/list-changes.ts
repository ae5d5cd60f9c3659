import type { Kysely } from 'kysely';
import type { Change } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import type { Schema } from '../../database/schema.ts';
import { addChangedPaths } from '../changed-paths/add-changed-paths.ts';
import { decodeFeedCursor, encodeFeedCursor } from './feed-cursor.ts';
import { selectChangePage } from './queries/select-change-page.ts';

export interface ListChangesOptions {
  readonly datasetId: number;
  readonly cursor?: string | undefined;
  readonly limit: number;
  /** Whether to say which paths changed: the data is parsed then, which costs several times the reading. */
  readonly paths?: boolean | undefined;
}

/**
 * Reads the change feed from a cursor on.
 * @returns the JSON text of a page of changes; its cursor is where to go on, also when there is nothing new
 * @throws TenonError `request_invalid` for a cursor that this feed did not give out; `cursor_expired` for one from
 *   before deletions that were removed since
 */
export async function listChanges(database: Kysely<Schema>, options: ListChangesOptions): Promise<string> {
  const { datasetId } = options;
  const place = decodeFeedCursor(options.cursor, datasetId);
  const page = await selectChangePage(database, place, options.limit);
  const isStart = place.position === 0;
  if (!isStart && page.pruned_position > Math.max(place.position, place.floor)) throw cursorExpired();
  const position = page.last === null ? place.position : Number(page.last);
  const base = page.has_more ? place.base : position;
  const floor = isStart ? page.pruned_position : place.floor;
  const nextCursor = encodeFeedCursor({ datasetId, position, base, floor });
  const items = options.paths ? await withPaths(database, { place, items: page.items }) : (page.items ?? '');
  return `{"items":[${items}],"nextCursor":${JSON.stringify(nextCursor)},"hasMore":${page.has_more}}`;
}

async function withPaths(
  database: Kysely<Schema>,
  { place, items }: { place: Parameters<typeof addChangedPaths>[1]; items: string | null },
): Promise<string> {
  const changes = JSON.parse(`[${items ?? ''}]`) as Change[];
  return JSON.stringify(await addChangedPaths(database, place, changes)).slice(1, -1);
}

function cursorExpired(): TenonError {
  return new TenonError('cursor_expired', 'Deletions after this cursor are no longer kept.', {
    hint: 'Start over without a cursor, and remove what the feed does not have any more.',
    details: { path: 'cursor' },
  });
}
