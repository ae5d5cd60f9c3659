import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';
import { decodeFeedCursor, encodeFeedCursor } from './feed-cursor.ts';
import type { RecordFilter } from '../filter/record-filter.ts';
import { selectRecordPage } from './queries/select-record-page.ts';

export interface ListRecordsOptions extends RecordFilter {
  readonly datasetId: number;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/**
 * Lists records a page at a time, least recently changed first.
 * @returns the JSON text of a page of stored records
 * @throws TenonError `request_invalid` for a cursor that this list did not give out, and for a `where` that is none
 */
export async function listRecords(database: Kysely<Schema>, options: ListRecordsOptions): Promise<string> {
  const { datasetId, cursor, limit, ...filter } = options;
  const place = decodeFeedCursor(cursor, datasetId);
  const page = await selectRecordPage(database, { datasetId, after: place.position, limit, filter });
  const nextCursor =
    page.has_more && page.last !== null
      ? encodeFeedCursor({ datasetId, position: Number(page.last), base: place.base, floor: 0 })
      : null;
  return `{"items":[${page.items ?? ''}],"nextCursor":${JSON.stringify(nextCursor)}}`;
}
