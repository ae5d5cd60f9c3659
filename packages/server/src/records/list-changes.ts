import type { Kysely } from 'kysely';
import type { Schema } from '../database/schema.ts';
import { decodeFeedCursor, encodeFeedCursor } from './feed-cursor.ts';
import { selectChangePage } from './queries/select-change-page.ts';

/**
 * Reads the change feed from a cursor on.
 * @returns the JSON text of a page of changes; its cursor is where to go on, also when there is nothing new
 * @throws TenonError `request_invalid` for a cursor that this feed did not give out
 */
export async function listChanges(
  database: Kysely<Schema>,
  options: { readonly datasetId: number; readonly cursor?: string | undefined; readonly limit: number },
): Promise<string> {
  const place = decodeFeedCursor(options.cursor, options.datasetId);
  const page = await selectChangePage(database, place, options.limit);
  const position = page.last === null ? place.position : Number(page.last);
  const base = page.has_more ? place.base : position;
  const nextCursor = encodeFeedCursor({ datasetId: options.datasetId, position, base });
  return `{"items":[${page.items ?? ''}],"nextCursor":${JSON.stringify(nextCursor)},"hasMore":${page.has_more}}`;
}
