import { sql, type RawBuilder } from 'kysely';
import { keepVersions } from '../../writing/queries/keep-versions.ts';
import { settleWrites } from '../../writing/queries/settle-writes.ts';
import type { WriteScope } from '../../writing/write-scope.ts';

/** What was taken back of a dataset. */
export interface TakenBack {
  /** Live before and now. */
  readonly reverted: number;
  /** Were deleted, and are live again. */
  readonly revived: number;
  readonly deleted: number;
}

/**
 * The part of a statement that takes changes back: common table expressions that give records of a locked dataset an
 * earlier version, or delete them. They need one named `judged` before them: (tid, external_id, last_position, is_live,
 * version_tid, action), where an action other than `restore` and `delete` is none. What was done is in `counted`:
 * (reverted, revived, deleted), one row.
 *
 * These are changes like any other: they have positions of their own, in the order of those that they take back, so
 * readers are told of them, and what they replace is kept.
 * @param scope.base where the feed stands now
 */
export function takeBackWrites(scope: WriteScope & { base: number }): RawBuilder<unknown> {
  const { base, now, keepHistory } = scope;
  return sql`
    acted as materialized (
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
    ), ${settleWrites(scope)}`;
}
