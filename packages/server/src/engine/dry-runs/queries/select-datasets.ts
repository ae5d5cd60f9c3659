import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** Ids of those datasets of a connection that there are, by model. */
export async function selectDatasets(
  database: Kysely<Schema>,
  { connectionId, models }: { connectionId: number; models: readonly string[] },
): Promise<Map<string, number>> {
  const { rows } = await sql<{ model: string; id: number | string }>`
    select model, id from datasets
    where connection_id = ${connectionId} and model = any(${models}::text[])`.execute(database);
  return new Map(rows.map(({ model, id }) => [model, Number(id)]));
}
