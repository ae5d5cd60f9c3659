import { sql, type Kysely } from 'kysely';
import type { StoredText } from '@tenon/runtime/execute';
import type { Schema } from '../../../database/schema.ts';

/** A page of the live records of a dataset, in the order of their ids. */
export async function selectStoredAfter(
  database: Kysely<Schema>,
  { datasetId, after, limit }: { datasetId: number; after: string | undefined; limit: number },
): Promise<StoredText[]> {
  const { rows } = await sql<StoredText>`
    select external_id as id, data::text as json, encode(hash, 'hex') as hash from records
    where dataset_id = ${datasetId} and deleted_at is null ${after === undefined ? sql`` : sql`and external_id > ${after}`}
    order by external_id limit ${limit}`.execute(database);
  return rows;
}
