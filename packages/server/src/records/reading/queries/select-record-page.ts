import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';
import type { RecordFilter } from '../../filter/record-filter.ts';
import { recordFilterSql } from '../../filter/record-filter-sql.ts';
import { recordFieldsJson } from '../record-json.ts';

export interface RecordPageRow {
  /** The items of the page, with the separator between them. */
  readonly items: string | null;
  /** Position of the last item; null when there is none. */
  readonly last: number | null;
  readonly has_more: boolean;
}

/** Reads records by position, so that one that changes meanwhile is met again later and none is missed. */
export async function selectRecordPage(
  database: Kysely<Schema>,
  options: { datasetId: number; after: number; limit: number; filter: RecordFilter; separator?: ',' | '\n' },
): Promise<RecordPageRow> {
  const { datasetId, after, limit, filter, separator = ',' } = options;
  const { rows } = await sql<RecordPageRow>`
    select string_agg('{' || ${recordFieldsJson} || '}', ${separator} order by position)
        filter (where place <= ${limit}::int) as items,
      max(position) filter (where place <= ${limit}::int) as last, count(*) > ${limit}::int as has_more
    from (
      select *, row_number() over (order by position) as place from records
      where dataset_id = ${datasetId}::bigint and position > ${after}::bigint ${recordFilterSql(filter)}
      order by position limit ${limit + 1}::int
    ) page`.execute(database);
  return rows[0] ?? { items: null, last: null, has_more: false };
}
