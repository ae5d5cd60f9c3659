import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** So many ids make a row: neither a row each, nor one of a million. */
const idsPerRow = 1_000;

/**
 * Holds deletions of a run in a locked dataset, beside those that it holds there already.
 * @param options.gone a relation of (external_id)
 * @returns how many are held by this that were not before
 */
export async function holdDeletions(
  transaction: Kysely<Schema>,
  options: {
    runId: string;
    syncId: number;
    dataset: { id: number; position: number; liveCount: number };
    gone: RawBuilder<unknown>;
    now: Date;
  },
): Promise<number> {
  const { runId, syncId, dataset, gone, now } = options;
  const hold = await sql<{ id: number }>`
    insert into holds (environment_id, sync_id, dataset_id, run_id, record_count, live_count, created_at)
    select environment_id, id, ${dataset.id}::bigint, ${runId}::uuid, 0, ${dataset.liveCount}::bigint,
      ${now}::timestamptz
    from syncs where id = ${syncId}::bigint
    on conflict (run_id, dataset_id) do update set record_count = holds.record_count
    returning id`.execute(transaction);
  const holdId = hold.rows[0]?.id ?? 0;
  const { rows } = await sql<{ held: number }>`
    with fresh as (
      select gone.external_id from ${gone} gone
      except select unnest(external_ids) from held_records where hold_id = ${holdId}::bigint
    ), kept as (
      insert into held_records (hold_id, position, external_ids)
      select ${holdId}::bigint, ${dataset.position}::bigint, array_agg(external_id)
      from (select external_id, (row_number() over () - 1) / ${idsPerRow}::int as place from fresh) numbered
      group by place
      returning cardinality(external_ids) as count
    ), counted as (
      select coalesce(sum(count), 0)::int as held from kept
    ), updated as (
      update holds set record_count = record_count + counted.held from counted where id = ${holdId}::bigint
    )
    select held from counted`.execute(transaction);
  return rows[0]?.held ?? 0;
}
