import { sql, type Transaction } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/**
 * Lets every connection's next run of a sync read from the start. Records stay; unchanged ones cost no write. A run
 * that is queued or running belongs to the epoch before and cannot write its cursor any more; it may be about to write
 * the first one, so rows without a cursor begin a new epoch too.
 */
export async function resetCursors(
  transaction: Transaction<Schema>,
  { environmentId, integration, sync }: { environmentId: number; integration: string; sync: string },
): Promise<void> {
  const reset = await transaction
    .updateTable('syncs')
    .set({ cursor_epoch: sql`cursor_epoch + 1` })
    .where('environment_id', '=', environmentId)
    .where('integration', '=', integration)
    .where('sync', '=', sync)
    .returning('id')
    .execute();
  await transaction
    .deleteFrom('sync_states')
    .where('sync_id', 'in', reset.length === 0 ? [0] : reset.map(({ id }) => id))
    .execute();
}
