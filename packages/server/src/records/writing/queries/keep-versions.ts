import { sql, type RawBuilder } from 'kysely';

/**
 * A common table expression, with the comma before it, that keeps what the statement is about to replace: the records
 * at the `tid`s of `replaced`, a relation with (tid, position). Nothing where no history is kept.
 *
 * By tid, which is found without an index: nobody moves these rows meanwhile, because the dataset is locked.
 */
export function keepVersions(options: { keepHistory: boolean; replaced: RawBuilder<unknown>; now: Date }) {
  if (!options.keepHistory) return sql``;
  return sql`, kept as (
      insert into record_versions (dataset_id, external_id, data, hash, position, added_position, until_position,
        updated_at, deleted_at, observed_ms, version, replaced_at)
      select r.dataset_id, r.external_id, r.data, r.hash, r.position, r.added_position, replaced.position,
        r.updated_at, r.deleted_at, r.observed_ms, r.version, ${options.now}::timestamptz
      from ${options.replaced} replaced join records r on r.ctid = replaced.tid
    )`;
}
