import { sql, type RawBuilder } from 'kysely';

/**
 * A query over the records that changed after a place of their dataset's feed, and what each becomes again. `restore`:
 * it was live and is deleted or another one now. `delete`: it was not there, or deleted. `lost`: it was there, and what
 * it was is no longer kept. `none`: it is what it was.
 * @param places a relation with (dataset_id, position)
 */
export function changedSince(places: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    select r.dataset_id, r.ctid as tid, r.position as last_position, r.deleted_at is null as is_live, was.version_tid,
      case
        when was.version_tid is null and r.added_position <= places.position then 'lost'
        when was.was_live and r.deleted_at is null and was.hash = r.hash then 'none'
        when was.was_live then 'restore'
        when r.deleted_at is null then 'delete'
        else 'none' end as action
    from ${places} places
    join records r on r.dataset_id = places.dataset_id and r.position > places.position
    left join lateral (
      select v.ctid as version_tid, v.hash, v.deleted_at is null as was_live from record_versions v
      where v.dataset_id = r.dataset_id and v.external_id = r.external_id
        and v.position <= places.position and v.until_position > places.position
      limit 1
    ) was on true`;
}
