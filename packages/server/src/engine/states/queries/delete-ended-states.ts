import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** Forgets what the backfills of a sync remembered; the caller has locked the sync, and none of them is unfinished. */
export async function deleteEndedStates(database: Kysely<Schema>, syncId: number | string): Promise<void> {
  await sql`delete from sync_states where sync_id = ${syncId} and scope <> 'live'`.execute(database);
}
