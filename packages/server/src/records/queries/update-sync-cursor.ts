import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/**
 * Moves a sync's cursor, in the transaction of the page that proves it, unless a deployment has taken the cursor away
 * since the page's run was queued.
 */
export async function updateSyncCursor(
  database: Kysely<Schema>,
  sync: { readonly id: number; readonly cursorEpoch: number },
  cursor: string | number,
): Promise<void> {
  await database
    .updateTable('syncs')
    .set({ cursor: JSON.stringify(cursor) })
    .where('id', '=', sync.id)
    .where('cursor_epoch', '=', sync.cursorEpoch)
    .execute();
}
