import { sql, type RawBuilder } from 'kysely';

/**
 * Common table expressions that remove what only an unfinished run needs: what it has seen, and where its backfill is.
 * A state that a page holds just now stays, rather than to wait for that page, which waits for the run itself: the
 * next backfill of the sync removes it.
 * @param changed a relation with the id, sync_id and new status of changed runs
 */
export function forgetEnded(changed: RawBuilder<unknown>): RawBuilder<unknown> {
  const hasEnded = sql`changed.status not in ('queued', 'running')`;
  return sql`unseen as (
      delete from sightings using ${changed} changed where sightings.run_id = changed.id and ${hasEnded}
    ), unremembered as (
      delete from sync_states where ctid = any(array(
        select t.ctid from ${changed} changed
        join sync_states t on t.sync_id = changed.sync_id and t.scope = changed.id::text
        where ${hasEnded}
        for update of t skip locked))
    )`;
}
