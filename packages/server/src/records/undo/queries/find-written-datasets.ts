import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** @returns the datasets that a run changed, in the order in which they are locked */
export async function findWrittenDatasets(transaction: Kysely<Schema>, runId: string): Promise<number[]> {
  const { rows } = await sql<{ dataset_id: number }>`
    select distinct dataset_id from run_writes where run_id = ${runId}::uuid order by dataset_id`.execute(transaction);
  return rows.map((row) => Number(row.dataset_id));
}
