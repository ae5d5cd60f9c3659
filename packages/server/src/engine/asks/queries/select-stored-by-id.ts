import { sql, type Kysely } from 'kysely';
import type { StoredText } from '@tenon/runtime/execute';
import type { Schema } from '../../../database/schema.ts';

/** Live records of a dataset, by id. */
export async function selectStoredById(
  database: Kysely<Schema>,
  { datasetId, ids }: { datasetId: number; ids: readonly string[] },
): Promise<StoredText[]> {
  const { rows } = await sql<StoredText>`
    select external_id as id, data::text as json, encode(hash, 'hex') as hash from records
    where dataset_id = ${datasetId} and external_id = any(${ids}::text[]) and deleted_at is null`.execute(database);
  return rows;
}
