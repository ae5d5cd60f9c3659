import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** Takes a connection's syncs from the scheduler until its customer has connected again. */
export async function holdSyncs(database: Kysely<Schema>, connectionId: number): Promise<void> {
  await sql`
    update syncs set waits_for = 'reconnect'
    where connection_id = ${connectionId} and waits_for is null`.execute(database);
}
