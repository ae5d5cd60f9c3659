import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** Removes up to `limit` records of a dataset; a batch keeps locks and WAL bursts short. @returns how many went */
export async function deleteRecordBatch(
  database: Kysely<Schema>,
  { datasetId, limit }: { datasetId: number; limit: number },
): Promise<number> {
  const result = await sql`
    delete from records
     where dataset_id = ${datasetId}
       and external_id in (select external_id from records where dataset_id = ${datasetId} limit ${limit})`.execute(
    database,
  );
  return Number(result.numAffectedRows ?? 0n);
}
