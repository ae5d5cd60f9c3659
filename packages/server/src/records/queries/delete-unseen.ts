import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/**
 * Marks as deleted what an attempt of a run did not see in a dataset. Sightings of earlier attempts do not count: an
 * attempt that is deemed complete has seen everything itself.
 * @returns how many
 */
export async function deleteUnseen(
  database: Kysely<Schema>,
  options: { run: { id: string; generation: number }; datasetId: number; now: Date },
): Promise<number> {
  const { run, datasetId, now } = options;
  // Postgres guesses ten elements for an array; a nested loop over 100,000 x 100,000 ids would follow from that.
  await sql`select set_config('enable_nestloop', 'off', true)`.execute(database);
  const { numAffectedRows } = await sql`
    with seen as materialized (
      select unnest(external_ids) as external_id from sightings
      where run_id = ${run.id} and generation = ${run.generation} and dataset_id = ${datasetId}::bigint
    ), gone as materialized (
      select external_id, row_number() over (order by external_id) as place from records
      where dataset_id = ${datasetId}::bigint and deleted_at is null
        and not exists (select from seen where seen.external_id = records.external_id)
    ), dataset as (
      update datasets set position = position + (select count(*) from gone) where id = ${datasetId}::bigint
      returning position - (select count(*) from gone) as base
    )
    update records set deleted_at = ${now}::timestamptz, updated_at = ${now}::timestamptz,
      position = dataset.base + gone.place
    from dataset, gone
    where records.dataset_id = ${datasetId}::bigint and records.external_id = gone.external_id`.execute(database);
  await sql`select set_config('enable_nestloop', 'on', true)`.execute(database);
  return Number(numAffectedRows ?? 0n);
}
