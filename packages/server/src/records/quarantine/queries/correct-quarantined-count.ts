import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** Corrects how many records of a locked dataset are in quarantine. */
export async function correctQuarantinedCount(
  transaction: Kysely<Schema>,
  datasetId: number,
  grown: number,
): Promise<void> {
  await sql`
    update datasets set quarantined_count = quarantined_count + ${grown}::int
    where id = ${datasetId}::bigint`.execute(transaction);
}
