import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** Notes whether the provider accepts the connection's credentials. */
export async function updateConnectionState(
  database: Kysely<Schema>,
  { connectionId, state }: { connectionId: number; state: 'active' | 'auth_failed' },
): Promise<void> {
  await database
    .updateTable('connections')
    .set({ state })
    .where('id', '=', connectionId)
    .where('state', '<>', state)
    .execute();
}
