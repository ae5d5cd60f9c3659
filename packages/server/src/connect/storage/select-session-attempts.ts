import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** The attempts of a session that are over, in the order in which they ended. */
export function selectSessionAttempts(database: Kysely<Schema>, { sessionId }: { sessionId: number }) {
  return database
    .selectFrom('connect_attempts')
    .select(['integration', 'connection', 'status', 'error'])
    .where('session_id', '=', sessionId)
    .where('finished_at', 'is not', null)
    .orderBy('finished_at')
    .orderBy('row_id')
    .execute();
}
