import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** Moves a sync's cursor, in the transaction of the page that proves it. */
export async function updateSyncCursor(
  database: Kysely<Schema>,
  syncId: number,
  cursor: string | number,
): Promise<void> {
  await database
    .updateTable('syncs')
    .set({ cursor: JSON.stringify(cursor) })
    .where('id', '=', syncId)
    .execute();
}
