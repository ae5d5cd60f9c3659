import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** Creates the datasets that a connection lacks. @returns the id of each model's dataset */
export async function ensureDatasets(
  database: Kysely<Schema>,
  connectionId: number,
  models: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  // The useless update makes `returning` give the existing rows too.
  const { rows } = await sql<{ id: number; model: string }>`
    insert into datasets (connection_id, model)
    select ${connectionId}, unnest(${[...models]}::text[])
    on conflict (connection_id, model) do update set model = excluded.model
    returning id, model`.execute(database);
  return new Map(rows.map(({ id, model }) => [model, Number(id)]));
}
