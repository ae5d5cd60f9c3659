import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Schema } from '../../../database/schema.ts';
import type { DifferenceRow } from '../difference-row.ts';

/**
 * The records of a dataset that differ between two positions of its history, by id. Whatever changed after the earlier
 * one has a higher position now, so only those are looked at.
 */
export async function selectDifferences(
  database: Kysely<Schema>,
  options: {
    datasetId: number;
    model: string;
    before: number;
    after: number;
    afterId: string | undefined;
    limit: number;
  },
): Promise<DifferenceRow[]> {
  const { datasetId, model, before, after, afterId, limit } = options;
  const { rows } = await sql<DifferenceRow>`
    select ${datasetId}::bigint as dataset_id, ${model} as model, records.external_id,
      case when old.deleted_at is null then old.data end as before,
      case when new.deleted_at is null then new.data end as after,
      old.kept as before_kept, new.kept as after_kept
    from records cross join lateral (${stateAt(before)}) old cross join lateral (${stateAt(after)}) new
    where records.dataset_id = ${datasetId}::bigint and records.position > ${Math.min(before, after)}::bigint
      ${afterId === undefined ? sql`` : sql`and records.external_id > ${afterId}`}
      and (not old.kept or not new.kept or
        case when old.deleted_at is null then old.hash end is distinct from
        case when new.deleted_at is null then new.hash end)
    order by records.external_id limit ${limit}::int`.execute(database);
  return rows;
}

/** One row: the record as it was at a position; without a hash when it was not there, not `kept` when that is gone. */
function stateAt(position: number): RawBuilder<unknown> {
  return sql`
    select
      case when state.position <= ${position}::bigint then state.data end as data,
      case when state.position <= ${position}::bigint then state.hash end as hash,
      case when state.position <= ${position}::bigint then state.deleted_at end as deleted_at,
      state.position <= ${position}::bigint or state.added_position > ${position}::bigint as kept
    from (
      (select data, hash, deleted_at, position, added_position from record_versions version
      where version.dataset_id = records.dataset_id and version.external_id = records.external_id
        and version.until_position > ${position}::bigint
      order by version.until_position limit 1)
      union all
      select records.data, records.hash, records.deleted_at, records.position, records.added_position
      limit 1
    ) state`;
}
