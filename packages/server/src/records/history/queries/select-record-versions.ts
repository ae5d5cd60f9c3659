import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

export interface RecordVersionRow {
  readonly data: Readonly<Record<string, unknown>>;
  readonly position: number;
  readonly added_position: number;
  /** Of the change that replaced it; null: it is the current one. */
  readonly until_position: number | null;
  readonly updated_at: Date;
  readonly deleted_at: Date | null;
  readonly run_id: string | null;
}

/** The versions of a record from a position down, newest first, each with the run that wrote it. */
export async function selectRecordVersions(
  database: Kysely<Schema>,
  options: { datasetId: number; id: string; before: number | undefined; limit: number },
): Promise<RecordVersionRow[]> {
  const { datasetId, id, before, limit } = options;
  const older = before === undefined ? sql`` : sql`and position < ${before}::bigint`;
  const columns = sql`data, position, added_position, updated_at, deleted_at`;
  const { rows } = await sql<RecordVersionRow>`
    select version.*, (
      select run_id from run_writes
      where dataset_id = ${datasetId}::bigint and from_position <= version.position
        and to_position >= version.position
      order by from_position desc limit 1
    ) as run_id
    from (
      select ${columns}, null::bigint as until_position from records
      where dataset_id = ${datasetId}::bigint and external_id = ${id} ${older}
      union all
      (select ${columns}, until_position from record_versions
      where dataset_id = ${datasetId}::bigint and external_id = ${id} ${older}
      order by until_position desc limit ${limit}::int)
    ) version
    order by position desc limit ${limit}::int`.execute(database);
  return rows;
}
