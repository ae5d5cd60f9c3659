import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** Gives a connection's syncs back to the scheduler. */
export async function resumeSyncs(database: Kysely<Schema>, connectionId: number): Promise<void> {
  await sql`
    update syncs set waits_for = null
    where connection_id = ${connectionId} and waits_for = 'reconnect'`.execute(database);
}
