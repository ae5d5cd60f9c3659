import type { Transaction } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** Whether a preview's time is over still; it is locked, so that nobody extends it meanwhile. */
export async function lockExpired(
  transaction: Transaction<Schema>,
  { environmentId, now }: { environmentId: number; now: Date },
): Promise<boolean> {
  const row = await transaction
    .selectFrom('environments')
    .select('id')
    .where('id', '=', environmentId)
    .where('expires_at', '<=', now)
    .where('deleting_at', 'is', null)
    .forUpdate()
    .executeTakeFirst();
  return row !== undefined;
}
