import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** @returns the dataset of a hold of the environment */
export async function findHold(
  transaction: Kysely<Schema>,
  hold: { environmentId: number; id: number },
): Promise<number | undefined> {
  const { rows } = await sql<{ dataset_id: number }>`
    select dataset_id from holds
    where id = ${hold.id}::bigint and environment_id = ${hold.environmentId}`.execute(transaction);
  return rows[0] && Number(rows[0].dataset_id);
}
