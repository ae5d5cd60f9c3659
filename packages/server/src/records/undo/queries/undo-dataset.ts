import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';
import type { WriteScope } from '../../writing/write-scope.ts';
import { takeBackWrites, type TakenBack } from './take-back-writes.ts';

export interface UndoneDataset extends TakenBack {
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
  const { datasetId, undoneRunId } = scope;
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
    ), ${takeBackWrites(scope)}, overtaken as (
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
