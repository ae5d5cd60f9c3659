import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';
import type { RecordBatch } from '../record-batch.ts';

/**
 * Tells which records of a batch differ from the store, by id and hash alone: where most are unchanged, their data
 * need not travel to Postgres. The lateral look-up with its limit leaves the planner only the primary key, record by
 * record: before the table was analysed it read the whole table for every page, or used the wrong index.
 * @returns their places in the batch, from 0, and how many records the dataset has in quarantine
 */
export async function findChanged(
  database: Kysely<Schema>,
  datasetId: number,
  batch: RecordBatch,
): Promise<{ places: number[]; quarantinedCount: number }> {
  const { rows } = await sql<{ places: number[] | null; quarantined_count: number | null }>`
    select (
        select array_agg((incoming.place - 1)::int)
        from unnest(${batch.encodedIds()}::text[]) with ordinality as incoming (external_id, place)
        left join lateral (
          select external_id, hash, deleted_at from records
          where dataset_id = ${datasetId}::bigint and external_id = incoming.external_id limit 1
        ) stored on true
        where stored.external_id is null
          or (stored.deleted_at is not null)
            <> (get_byte(${batch.deletedFlags()}::bytea, (incoming.place - 1)::int) = 1)
          or (stored.deleted_at is null
            and stored.hash <> substring(${batch.hashes}::bytea from ((incoming.place - 1) * 16 + 1)::int for 16))
      ) as places,
      (select quarantined_count from datasets where id = ${datasetId}::bigint) as quarantined_count`.execute(database);
  return { places: rows[0]?.places ?? [], quarantinedCount: rows[0]?.quarantined_count ?? 0 };
}
