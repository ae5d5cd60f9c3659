import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** Creates the datasets that a connection lacks. @returns the id of each model's dataset */
export async function ensureDatasets(
  database: Kysely<Schema>,
  connectionId: number,
  models: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  // Nearly always they are there, and a statement that writes would wait for the disk.
  const { rows: existing } = await sql<{ id: number; model: string }>`
    select id, model from datasets
    where connection_id = ${connectionId} and model = any(${[...models]}::text[])`.execute(database);
  if (existing.length === new Set(models).size) return byModel(existing);
  // The useless update makes `returning` give the existing rows too.
  const { rows } = await sql<{ id: number; model: string }>`
    insert into datasets (connection_id, model)
    select ${connectionId}, unnest(${[...new Set(models)]}::text[])
    on conflict (connection_id, model) do update set model = excluded.model
    returning id, model`.execute(database);
  return byModel(rows);
}

function byModel(rows: ReadonlyArray<{ id: number; model: string }>): ReadonlyMap<string, number> {
  return new Map(rows.map(({ id, model }) => [model, Number(id)]));
}
