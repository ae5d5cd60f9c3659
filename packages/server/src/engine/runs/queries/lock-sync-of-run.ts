import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/**
 * Locks the sync of a run until the transaction ends: first of all, as everywhere. A statement of its own, so that those
 * after it see a run that was queued behind this one while it waited for the lock.
 */
export async function lockSyncOfRun(transaction: Kysely<Schema>, runId: string): Promise<void> {
  await sql`
    select from syncs where id = (select sync_id from runs where id = ${runId}) for no key update`.execute(transaction);
}
