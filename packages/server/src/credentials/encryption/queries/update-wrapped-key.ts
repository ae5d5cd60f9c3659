import type { Transaction } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

export async function updateWrappedKey(
  transaction: Transaction<Schema>,
  { id, wrapped }: { id: Buffer; wrapped: Buffer },
): Promise<void> {
  await transaction.updateTable('data_keys').set({ wrapped }).where('id', '=', id).execute();
}
