import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';
import type { FeedPlace } from '../feed-cursor.ts';
import { recordFieldsJson } from '../record-json.ts';
import type { RecordPageRow } from './select-record-page.ts';

export interface ChangePageRow extends RecordPageRow {
  /** Up to where deletions were removed, in the same snapshot as the items. */
  readonly pruned_position: number;
}

/** Reads the latest change of each record that changed after a place in the feed, in the order of the changes. */
export async function selectChangePage(
  database: Kysely<Schema>,
  place: FeedPlace,
  limit: number,
): Promise<ChangePageRow> {
  const { rows } = await sql<ChangePageRow>`
    select string_agg(
        '{' || ${recordFieldsJson} || ',"change":' ||
        case when deleted_at is not null then '"deleted"' when added_position > ${place.base}::bigint then '"added"'
          else '"updated"' end || '}',
        ',' order by position) filter (where place <= ${limit}::int) as items,
      max(position) filter (where place <= ${limit}::int) as last, count(*) > ${limit}::int as has_more,
      coalesce((select pruned_position from datasets where id = ${place.datasetId}::bigint), 0) as pruned_position
    from (
      select *, row_number() over (order by position) as place from records
      where dataset_id = ${place.datasetId}::bigint and position > ${place.position}::bigint
      order by position limit ${limit + 1}::int
    ) page`.execute(database);
  return rows[0] ?? { items: null, last: null, has_more: false, pruned_position: 0 };
}
