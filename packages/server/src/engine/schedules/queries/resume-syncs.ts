import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** Gives a connection's syncs back to the scheduler, due at once: what they missed is to be made up for. */
export async function resumeSyncs(
  database: Kysely<Schema>,
  { connectionId, now }: { connectionId: number; now: Date },
): Promise<void> {
  await sql`
    update syncs
    set waits_for = null,
      next_run_at = case when schedule is null then next_run_at else ${now} end
    where connection_id = ${connectionId} and waits_for = 'reconnect'`.execute(database);
}
