import type { Transaction } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** Lets every connection's next run of a sync read from the start. Records stay; unchanged ones cost no write. */
export async function resetCursors(
  transaction: Transaction<Schema>,
  { environmentId, integration, sync }: { environmentId: number; integration: string; sync: string },
): Promise<void> {
  await transaction
    .updateTable('syncs')
    .set({ cursor: null })
    .where('environment_id', '=', environmentId)
    .where('integration', '=', integration)
    .where('sync', '=', sync)
    .where('cursor', 'is not', null)
    .execute();
}
