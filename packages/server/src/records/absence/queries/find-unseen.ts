import { sql, type RawBuilder } from 'kysely';

/**
 * A relation of (external_id): the live records of a dataset that a generation of a run did not see. What another writer
 * brought after the enumeration began is left out: the list may be older. Two clocks tell: the one of the script's process,
 * by which a record was observed, also when it was no change; and the server's, by which the enumeration began and
 * a record was changed. Where the first lags behind the second, a change counts all the same; so does what falls
 * within the millisecond of the beginning. Whatever is left out in error is deleted by the next enumeration.
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
        and updated_at < ${new Date(beganMs)}::timestamptz
      union all
      select unnest(external_ids), false from sightings
      where run_id = ${run.id} and generation = ${run.generation} and dataset_id = ${datasetId}::bigint
    ) ids
    group by external_id having bool_and(is_stored)
  )`;
}
