import { sql, type RawBuilder } from 'kysely';

/** A relation of (external_id, place): the records of a hold that neither changed nor were seen again since. */
export function heldRecords(options: { holdId: number; datasetId: number; observedMs: number }): RawBuilder<unknown> {
  const { holdId, datasetId, observedMs } = options;
  return sql`(
    select held.external_id, row_number() over () as place
    from (
      select position, unnest(external_ids) as external_id from held_records where hold_id = ${holdId}::bigint
    ) held
    join lateral (
      select position, observed_ms from records
      where dataset_id = ${datasetId}::bigint and external_id = held.external_id limit 1
    ) stored on stored.position <= held.position and stored.observed_ms <= ${observedMs}::bigint
  )`;
}
