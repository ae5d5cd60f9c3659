import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';
import { recordFieldsJson } from '../record-json.ts';

/** @returns one record as JSON text, also when it is marked as deleted; undefined: there never was one */
export async function selectRecord(
  database: Kysely<Schema>,
  datasetId: number,
  id: string,
): Promise<string | undefined> {
  const { rows } = await sql<{ json: string }>`
    select '{' || ${recordFieldsJson} || '}' as json from records
    where dataset_id = ${datasetId}::bigint and external_id = ${id}`.execute(database);
  return rows[0]?.json;
}
