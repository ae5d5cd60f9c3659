import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';
import { keepVersions } from '../../writing/queries/keep-versions.ts';
import { settleWrites } from '../../writing/queries/settle-writes.ts';
import type { WriteScope } from '../../writing/write-scope.ts';

export interface UndoneDataset {
  /** Live before and now. */
  readonly reverted: number;
  /** Deleted by the run, and live again. */
  readonly revived: number;
  readonly deleted: number;
  readonly skipped: number;
}

/**
 * Takes back what a run changed in a locked dataset. Of the records whose last change is the run's, each becomes what it
 * was before the run's last unbroken series of changes to it: the version that a change of the run ended and that is not
 * of the run. A record without one was added by the run, and goes; or its versions are no longer kept, and it stays.
 * What another run changed since is counted, and stays.
 * @param scope.runId the run that undoes
 */
export async function undoDataset(
  transaction: Kysely<Schema>,
  scope: WriteScope & { base: number; undoneRunId: string },
): Promise<UndoneDataset> {
  const { datasetId, undoneRunId, base, now, keepHistory } = scope;
  const { rows } = await sql<UndoneDataset>`
    with ranges as materialized (
      select from_position, to_position from run_writes
      where run_id = ${undoneRunId}::uuid and dataset_id = ${datasetId}::bigint
    ), mine as materialized (
      select r.ctid as tid, r.external_id, r.position as last_position, r.deleted_at is null as is_live,
        before.version_tid, before.was_live,
        exists (select from ranges g where r.added_position between g.from_position and g.to_position) as is_added
      from ranges
      join records r on r.dataset_id = ${datasetId}::bigint
        and r.position between ranges.from_position and ranges.to_position
      left join lateral (
        select v.ctid as version_tid, v.deleted_at is null as was_live from record_versions v
        where v.dataset_id = ${datasetId}::bigint and v.external_id = r.external_id
          and exists (select from ranges g where v.until_position between g.from_position and g.to_position)
          and not exists (select from ranges g where v.position between g.from_position and g.to_position)
        order by v.until_position desc limit 1
      ) before on true
    ), judged as materialized (
      select *, case
        when version_tid is null and not is_added then 'skip'
        when was_live then 'restore'
        when is_live then 'delete'
        else 'none' end as action
      from mine
    ), acted as materialized (
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
    ), ${settleWrites(scope)}, overtaken as (
      select count(distinct v.external_id)::int as count from record_versions v
      where v.dataset_id = ${datasetId}::bigint
        and v.until_position >= (select min(from_position) from ranges)
        and exists (select from ranges g
          where v.position between g.from_position and g.to_position
            or v.until_position between g.from_position and g.to_position)
        and not exists (select from mine where mine.external_id = v.external_id)
    )
    select reverted, revived, deleted,
      overtaken.count + (select count(*)::int from judged where action = 'skip') as skipped
    from counted, overtaken`.execute(transaction);
  return rows[0] ?? { reverted: 0, revived: 0, deleted: 0, skipped: 0 };
}
