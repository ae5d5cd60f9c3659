import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';
import { keepVersions } from '../../../records/writing/queries/keep-versions.ts';
import { settleWrites } from '../../../records/writing/queries/settle-writes.ts';
import type { WriteScope } from '../../../records/writing/write-scope.ts';
import { changedSince } from './changed-since.ts';

export interface RestoredDataset {
  readonly reverted: number;
  readonly revived: number;
  readonly deleted: number;
}

/**
 * Makes the records of a locked dataset what they were when its feed stood at `position`. These are changes like any
 * other: they have positions of their own, so readers are told of them. Done again it finds nothing to do.
 * @param scope.base where the feed stands now
 */
export async function restoreDataset(
  transaction: Kysely<Schema>,
  scope: WriteScope & { base: number; position: number },
): Promise<RestoredDataset> {
  const { datasetId, base, now, keepHistory, position } = scope;
  const place = sql`(select ${datasetId}::bigint as dataset_id, ${position}::bigint as position)`;
  const { rows } = await sql<RestoredDataset>`
    with judged as materialized (${changedSince(place)}), acted as materialized (
      select *, ${base}::bigint + place as position
      from (
        select *, row_number() over (order by last_position) as place from judged where action in ('restore', 'delete')
      ) numbered
    )${keepVersions({ keepHistory, now, replaced: sql`acted` })}
    , restored as (
      update records r set data = v.data, hash = v.hash, position = acted.position, updated_at = ${now}::timestamptz,
        deleted_at = null, observed_ms = v.observed_ms, version = v.version,
        added_position = case when acted.is_live then r.added_position else acted.position end
      from acted join record_versions v on v.ctid = acted.version_tid
      where r.ctid = acted.tid and acted.action = 'restore'
    ), deleted as (
      update records r set position = acted.position, updated_at = ${now}::timestamptz,
        deleted_at = ${now}::timestamptz, version = null
      from acted where r.ctid = acted.tid and acted.action = 'delete'
    ), counted as (
      select count(*) filter (where action = 'restore' and is_live)::int as reverted,
        count(*) filter (where action = 'restore' and not is_live)::int as revived,
        count(*) filter (where action = 'delete')::int as deleted,
        coalesce(max(place), 0)::int as positions
      from acted
    ), taken as (
      select ${base}::bigint as base, positions, revived - deleted as live_delta, deleted from counted
    ), ${settleWrites(scope)}
    select reverted, revived, deleted from counted`.execute(transaction);
  return rows[0] ?? { reverted: 0, revived: 0, deleted: 0 };
}
