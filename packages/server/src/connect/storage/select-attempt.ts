import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

const shownColumns = [
  'id',
  'session_id',
  'integration',
  'connection',
  'state_hash',
  'browser_hash',
  'row_id',
  'pending',
  'status',
  'error',
  'claimed_at',
  'expires_at',
] as const;

/** Of the session, by its id; or by the hash of the state that came back. */
export async function selectAttempt(
  database: Kysely<Schema>,
  by: { readonly id: string; readonly sessionId: number } | { readonly stateHashes: readonly Buffer[] },
) {
  const query = database.selectFrom('connect_attempts').select(shownColumns);
  return 'id' in by
    ? query.where('id', '=', by.id).where('session_id', '=', by.sessionId).executeTakeFirst()
    : query.where('state_hash', 'in', by.stateHashes).executeTakeFirst();
}

export type AttemptRow = NonNullable<Awaited<ReturnType<typeof selectAttempt>>>;
