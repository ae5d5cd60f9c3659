import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** Removes a connection with its datasets, syncs, runs and logs (they cascade); records have no foreign key. */
export async function deleteConnectionRow(database: Kysely<Schema>, connectionId: number): Promise<void> {
  await database.deleteFrom('connections').where('id', '=', connectionId).execute();
}
