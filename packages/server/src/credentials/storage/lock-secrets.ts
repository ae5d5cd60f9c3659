import { sql, type Transaction } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/**
 * The connection's secrets, locked until the transaction ends: one process at a time obtains a token.
 * Waits a little longer than a token request may take.
 */
export async function lockSecrets(transaction: Transaction<Schema>, connectionId: number) {
  await sql`set local lock_timeout = '40s'`.execute(transaction);
  return transaction
    .selectFrom('connections')
    .select(['credentials', 'token', 'config'])
    .where('id', '=', connectionId)
    .forNoKeyUpdate()
    .executeTakeFirst();
}
