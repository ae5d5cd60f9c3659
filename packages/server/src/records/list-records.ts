import type { Kysely } from 'kysely';
import type { Schema } from '../database/schema.ts';
import { decodeFeedCursor, encodeFeedCursor } from './feed-cursor.ts';
import { selectRecordPage } from './queries/select-record-page.ts';

export interface ListRecordsOptions {
  readonly datasetId: number;
  readonly cursor?: string | undefined;
  readonly limit: number;
  /** ISO 8601 time. */
  readonly updatedAfter?: string | undefined;
  readonly includeDeleted: boolean;
}

/**
 * Lists records a page at a time, least recently changed first.
 * @returns the JSON text of a page of stored records
 * @throws TenonError `request_invalid` for a cursor that this list did not give out
 */
export async function listRecords(database: Kysely<Schema>, options: ListRecordsOptions): Promise<string> {
  const { datasetId, limit, updatedAfter, includeDeleted } = options;
  const place = decodeFeedCursor(options.cursor, datasetId);
  const page = await selectRecordPage(database, {
    datasetId,
    after: place.position,
    limit,
    includeDeleted,
    ...(updatedAfter === undefined ? {} : { updatedAfter }),
  });
  const nextCursor =
    page.has_more && page.last !== null
      ? encodeFeedCursor({ datasetId, position: Number(page.last), base: place.base })
      : null;
  return `{"items":[${page.items ?? ''}],"nextCursor":${JSON.stringify(nextCursor)}}`;
}
