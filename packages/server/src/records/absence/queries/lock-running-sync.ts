import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/**
 * Locks the sync of a run until the transaction ends. Comes before its datasets, and they before the run's own row.
 * @returns whether the run is still running: once it has ended, and its sightings are forgotten, everything is unseen
 */
export async function lockRunningSync(
  transaction: Kysely<Schema>,
  { runId, syncId }: { runId: string; syncId: number },
): Promise<boolean> {
  await sql`select from syncs where id = ${syncId}::bigint for no key update`.execute(transaction);
  const { rows } = await sql`
    select from runs where id = ${runId}::uuid and status = 'running'`.execute(transaction);
  return rows.length > 0;
}
