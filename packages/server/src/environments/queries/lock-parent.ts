import type { Transaction } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** What a preview is made of, kept from being deleted until the transaction ends; undefined: it is being deleted. */
export async function lockParent(
  transaction: Transaction<Schema>,
  environmentId: number,
): Promise<{ name: string; parent_id: number | null } | undefined> {
  return transaction
    .selectFrom('environments')
    .select(['name', 'parent_id'])
    .where('id', '=', environmentId)
    .where('deleting_at', 'is', null)
    .forShare()
    .executeTakeFirst();
}
