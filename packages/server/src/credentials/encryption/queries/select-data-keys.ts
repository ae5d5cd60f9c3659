import type { Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** Every data key, wrapped, oldest first. */
export async function selectDataKeys(database: Kysely<Schema>) {
  return database
    .selectFrom('data_keys')
    .select(['id', 'wrapped', 'created_at'])
    .orderBy('created_at')
    .orderBy('id')
    .execute();
}
