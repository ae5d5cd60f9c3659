import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

export async function selectDatasetIds(database: Kysely<Schema>, connectionId: number): Promise<number[]> {
  const rows = await database.selectFrom('datasets').select('id').where('connection_id', '=', connectionId).execute();
  return rows.map(({ id }) => id);
}
