import type { Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** Nobody gets a key for this login again. */
export async function markCollected(database: Kysely<Schema>, id: number): Promise<void> {
  await database.updateTable('device_logins').set({ status: 'collected' }).where('id', '=', id).execute();
}
