import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';
import type { RecordBatch } from '../record-batch.ts';

/**
 * Tells which records of a batch differ from the store, by id and hash alone: where most are unchanged, their data
 * need not travel to Postgres. Joins from the batch to the primary key; `external_id = any(...)` used the wrong index
 * before the table was analysed, at a twentieth of the speed.
 * @returns their places in the batch, from 0
 */
export async function findChanged(database: Kysely<Schema>, datasetId: number, batch: RecordBatch): Promise<number[]> {
  const { rows } = await sql<{ place: number }>`
    select (incoming.place - 1)::int as place
    from unnest(${batch.ids}::text[]) with ordinality as incoming (external_id, place)
    left join records stored on stored.dataset_id = ${datasetId}::bigint and stored.external_id = incoming.external_id
    where stored.external_id is null
      or stored.deleted_at is not null
      or stored.hash <> substring(${batch.hashes}::bytea from ((incoming.place - 1) * 16 + 1)::int for 16)`.execute(
    database,
  );
  return rows.map(({ place }) => place);
}
