import type { Transaction } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** Makes a version the active one. The environment's row must be locked. */
export async function setActiveVersion(
  transaction: Transaction<Schema>,
  { environmentId, version }: { environmentId: number; version: number },
): Promise<void> {
  await transaction
    .updateTable('environments')
    .set({ active_version: version })
    .where('id', '=', environmentId)
    .execute();
}
