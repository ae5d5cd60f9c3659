import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';
import type { FeedPlace } from '../../reading/feed-cursor.ts';

export interface SeenVersionRow {
  readonly external_id: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Whether it is the one of when the reader was last at the end of the feed. */
  readonly at_base: boolean;
}

/** The versions of some records that a reader may have seen, since it was last at the end of the feed. */
export async function selectSeenVersions(
  database: Kysely<Schema>,
  place: FeedPlace,
  ids: readonly string[],
): Promise<SeenVersionRow[]> {
  const { rows } = await sql<SeenVersionRow>`
    select external_id, data, position <= ${place.base}::bigint as at_base from record_versions
    where dataset_id = ${place.datasetId}::bigint and external_id = any(${[...ids]}::text[])
      and until_position > ${place.base}::bigint and position <= ${place.position}::bigint`.execute(database);
  return rows;
}
