import { sql, type RawBuilder } from 'kysely';

/**
 * A relation of (external_id): the live records of a dataset that a generation of a run did not see. What was observed
 * after the enumeration began is left out: a webhook brought it, the list may be older.
 * Grouped rather than anti-joined: Postgres guesses ten elements for an array, and a nested loop over 1,000,000 x
 * 1,000,000 ids would follow from that; a hash table of groups goes to the disk when it grows too large.
 */
export function findUnseen(options: {
  run: { id: string; generation: number };
  datasetId: number;
  beganMs: number;
}): RawBuilder<unknown> {
  const { run, datasetId, beganMs } = options;
  return sql`(
    select external_id from (
      select external_id, true as is_stored from records
      where dataset_id = ${datasetId}::bigint and deleted_at is null and observed_ms < ${beganMs}::bigint
      union all
      select unnest(external_ids), false from sightings
      where run_id = ${run.id} and generation = ${run.generation} and dataset_id = ${datasetId}::bigint
    ) ids
    group by external_id having bool_and(is_stored)
  )`;
}
