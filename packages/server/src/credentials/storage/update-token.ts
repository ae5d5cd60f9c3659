import type { Transaction } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** Keeps a new token; credentials that gave one are good, so the connection is active. */
export async function updateToken(
  transaction: Transaction<Schema>,
  update: { connectionId: number; token: Buffer; expiresAt: Date | null },
): Promise<void> {
  await transaction
    .updateTable('connections')
    .set({ token: update.token, token_expires_at: update.expiresAt, state: 'active' })
    .where('id', '=', update.connectionId)
    .execute();
}
