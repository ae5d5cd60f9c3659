import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** What earlier runs of a sync found absent no longer waits: this run looked again. */
export async function supersedeHolds(
  transaction: Kysely<Schema>,
  options: { syncId: number; runId: string; datasets: readonly number[]; now: Date },
): Promise<void> {
  const { syncId, runId, datasets, now } = options;
  await sql`
    update holds set status = 'superseded', decided_at = ${now}::timestamptz
    where sync_id = ${syncId}::bigint and run_id <> ${runId}::uuid and status = 'pending'
      and dataset_id = any(${[...datasets]}::bigint[])`.execute(transaction);
}
