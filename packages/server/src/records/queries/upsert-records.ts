import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';
import type { RecordBatch } from '../record-batch.ts';

/**
 * Stores a batch: adds what is new, rewrites what differs, leaves the rest alone.
 *
 * The dataset's row is updated first and stays locked until the transaction ends: whoever writes the same dataset
 * waits here, so positions become visible in order and a reader who follows them misses none. A batch takes one
 * position for each record, whether it turns out to be changed or not; gaps in the numbers mean nothing.
 */
export async function upsertRecords(
  database: Kysely<Schema>,
  options: { datasetId: number; batch: RecordBatch; now: Date },
): Promise<{ added: number; updated: number }> {
  const { datasetId, batch, now } = options;
  const { rows } = await sql<{ added: number; updated: number }>`
    with dataset as (
      update datasets set position = position + ${batch.ids.length}::int where id = ${datasetId}::bigint
      returning position - ${batch.ids.length}::int as base
    ), written as (
      insert into records as stored
        (dataset_id, external_id, data, hash, position, added_position, created_at, updated_at)
      select ${datasetId}::bigint, incoming.external_id, incoming.data::json,
        substring(${batch.hashes}::bytea from ((incoming.place - 1) * 16 + 1)::int for 16),
        dataset.base + incoming.place, dataset.base + incoming.place, ${now}::timestamptz, ${now}::timestamptz
      from dataset, unnest(${batch.encodedIds()}::text[], ${batch.json()}::text[])
        with ordinality as incoming (external_id, data, place)
      on conflict (dataset_id, external_id) do update
      set data = excluded.data, hash = excluded.hash, position = excluded.position, updated_at = excluded.updated_at,
        added_position = case when stored.deleted_at is null then stored.added_position else excluded.position end,
        deleted_at = null
      where stored.hash <> excluded.hash or stored.deleted_at is not null
      returning position = added_position as is_added
    )
    select count(*) filter (where is_added)::int as added, count(*) filter (where not is_added)::int as updated
    from written`.execute(database);
  return rows[0] ?? { added: 0, updated: 0 };
}
