import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';
import type { RecordBatch } from '../record-batch.ts';
import type { WriteScope } from '../write-scope.ts';
import { isOlder } from './is-older.ts';
import { keepVersions } from './keep-versions.ts';
import { settleWrites } from './settle-writes.ts';

export interface WrittenRecords {
  readonly added: number;
  readonly updated: number;
  readonly deleted: number;
  /** How many positions were taken. */
  readonly positions: number;
}

/**
 * Stores a batch: adds what is new, rewrites what differs and is not older, marks as deleted what says that it is, leaves
 * the rest alone, and keeps what it replaces. The dataset must be locked: then one look at what is stored decides, with
 * neither arbitration nor locks on rows (`on conflict` locks each row, and logs that, before it updates it).
 *
 * The lateral look-up with its limit leaves the planner only the primary key, record by record: before the table was
 * analysed it read the whole table for every page, or used the wrong index. A batch takes a position for each record up
 * to the last that changed; gaps in the numbers mean nothing.
 */
export async function writeRecords(
  transaction: Kysely<Schema>,
  scope: WriteScope & { base: number; batch: RecordBatch },
): Promise<WrittenRecords> {
  const { datasetId, base, batch, now, keepHistory } = scope;
  const { rows } = await sql<WrittenRecords>`
    with compared as (
      select incoming.external_id, incoming.data,
        substring(${batch.hashes}::bytea from ((incoming.place - 1) * 16 + 1)::int for 16) as hash,
        incoming.observed_ms::bigint as observed_ms, incoming.version, ${base}::bigint + incoming.place as position,
        incoming.place, stored.tid, stored.observed_ms as stored_observed_ms, case
          when stored.tid is not null and ${isOlder} then 'none'
          when get_byte(${batch.deletedFlags()}::bytea, (incoming.place - 1)::int) = 1 then case
            when stored.tid is null then 'tombstone' when stored.deleted_at is null then 'delete' else 'none' end
          when stored.tid is null or stored.deleted_at is not null then 'add'
          when stored.hash <> substring(${batch.hashes}::bytea from ((incoming.place - 1) * 16 + 1)::int for 16)
            then 'update'
          else 'none' end as change
      from unnest(${batch.encodedIds()}::text[], ${batch.json()}::text[], ${batch.observed()}::float8[],
          ${batch.versions()}::float8[])
        with ordinality as incoming (external_id, data, observed_ms, version, place)
      left join lateral (
        select ctid as tid, hash, deleted_at, observed_ms, version from records
        where dataset_id = ${datasetId}::bigint and external_id = incoming.external_id limit 1
      ) stored on true
    ), changed as (
      select * from compared where change <> 'none'
    )${keepVersions({ keepHistory, now, replaced: sql`(select tid, position from changed where tid is not null)` })}
    , inserted as (
      insert into records (dataset_id, external_id, data, hash, position, added_position, created_at, updated_at,
        deleted_at, observed_ms, version)
      select ${datasetId}::bigint, external_id, data::json, hash, position, position, ${now}::timestamptz,
        ${now}::timestamptz, case when change = 'tombstone' then ${now}::timestamptz end, observed_ms, version
      from changed where tid is null
    ), rewritten as (
      update records r set data = changed.data::json, hash = changed.hash, position = changed.position,
        updated_at = ${now}::timestamptz, version = changed.version,
        observed_ms = greatest(r.observed_ms, changed.observed_ms),
        added_position = case when changed.change = 'add' then changed.position else r.added_position end,
        deleted_at = case when changed.change = 'delete' then ${now}::timestamptz end
      from changed where r.ctid = changed.tid
    ), counted as (
      select count(*) filter (where change = 'add')::int as added,
        count(*) filter (where change in ('update', 'delete'))::int as updated,
        count(*) filter (where change = 'delete')::int as deleted,
        coalesce(max(place), 0)::int as positions
      from changed
    ), taken as (
      select ${base}::bigint as base, positions, added - deleted as live_delta, deleted from counted
    ), ${settleWrites(scope)}
    select added, updated, deleted, positions from counted`.execute(transaction);
  return rows[0] ?? { added: 0, updated: 0, deleted: 0, positions: 0 };
}
