import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Schema } from '../../../database/schema.ts';
import type { WriteScope } from '../write-scope.ts';
import { keepVersions } from './keep-versions.ts';
import { settleWrites } from './settle-writes.ts';

/**
 * Marks live records as deleted, within a locked dataset.
 * The version goes with the deletion: it says nothing of when the record was deleted, so of what comes after only the
 * time of observation decides whether it is newer.
 * @param scope.gone a relation of (external_id, place): each id once, places from 1 on
 * @returns how many there were
 */
export async function removeRecords(
  transaction: Kysely<Schema>,
  scope: WriteScope & { base: number; gone: RawBuilder<unknown>; observedMs: number },
): Promise<{ deleted: number; positions: number }> {
  const { datasetId, base, now, gone, keepHistory, observedMs } = scope;
  const { rows } = await sql<{ deleted: number; positions: number }>`
    with removed as materialized (
      select stored.tid, ${base}::bigint + gone.place as position, gone.place
      from ${gone} gone
      join lateral (
        select ctid as tid, deleted_at from records
        where dataset_id = ${datasetId}::bigint and external_id = gone.external_id limit 1
      ) stored on stored.deleted_at is null
    )${keepVersions({ keepHistory, now, replaced: sql`removed` })}
    , marked as (
      update records r set deleted_at = ${now}::timestamptz, updated_at = ${now}::timestamptz,
        position = removed.position, version = null, observed_ms = greatest(r.observed_ms, ${observedMs}::bigint)
      from removed where r.ctid = removed.tid
    ), taken as (
      select ${base}::bigint as base, coalesce(max(place), 0)::int as positions, -count(*)::int as live_delta,
        count(*)::int as deleted
      from removed
    ), ${settleWrites(scope)}
    select deleted, positions from taken`.execute(transaction);
  return rows[0] ?? { deleted: 0, positions: 0 };
}
