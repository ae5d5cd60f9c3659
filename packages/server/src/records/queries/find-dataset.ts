import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** @returns the id of a connection's dataset of a model; undefined: nothing was saved to it yet */
export async function findDataset(
  database: Kysely<Schema>,
  connectionId: number,
  model: string,
): Promise<number | undefined> {
  const row = await database
    .selectFrom('datasets')
    .select('id')
    .where('connection_id', '=', connectionId)
    .where('model', '=', model)
    .executeTakeFirst();
  return row && Number(row.id);
}
