import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** Takes an attempt, once: undefined when somebody else did, or when it is over. */
export async function claimAttempt(database: Kysely<Schema>, { id, now }: { id: string; now: Date }) {
  return database
    .updateTable('connect_attempts')
    .set({ claimed_at: now })
    .where('id', '=', id)
    .where('status', '=', 'pending')
    .where('claimed_at', 'is', null)
    .where('expires_at', '>', now)
    .returning(['row_id', 'session_id', 'environment_id', 'integration', 'connection', 'config', 'settings', 'pending'])
    .executeTakeFirst();
}

export type ClaimedAttempt = NonNullable<Awaited<ReturnType<typeof claimAttempt>>>;
