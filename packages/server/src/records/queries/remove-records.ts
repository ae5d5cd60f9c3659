import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** Marks records as deleted, by id. @returns how many were there and live */
export async function removeRecords(
  database: Kysely<Schema>,
  options: { datasetId: number; ids: readonly string[]; now: Date },
): Promise<number> {
  const { datasetId, ids, now } = options;
  const { numAffectedRows } = await sql`
    with dataset as (
      update datasets set position = position + ${ids.length}::int where id = ${datasetId}::bigint
      returning position - ${ids.length}::int as base
    )
    update records set deleted_at = ${now}::timestamptz, updated_at = ${now}::timestamptz,
      position = dataset.base + gone.place
    from dataset, (
      select external_id, min(place) as place
      from unnest(${[...ids]}::text[]) with ordinality as given (external_id, place)
      group by external_id
    ) gone
    where records.dataset_id = ${datasetId}::bigint and records.external_id = gone.external_id
      and records.deleted_at is null`.execute(database);
  return Number(numAffectedRows ?? 0n);
}
