import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';
import { encodeTextArray } from '../array-parameters.ts';

/** Of deletions by id: which records are live, and were not observed after the deletion. Each id once. */
export async function findRemovable(
  transaction: Kysely<Schema>,
  options: { datasetId: number; ids: readonly string[]; observedMs: number },
): Promise<string[]> {
  const { datasetId, ids, observedMs } = options;
  const { rows } = await sql<{ external_id: string }>`
    select gone.external_id
    from unnest(${encodeTextArray([...new Set(ids)])}::text[]) with ordinality as gone (external_id, place)
    join lateral (
      select deleted_at, observed_ms from records
      where dataset_id = ${datasetId}::bigint and external_id = gone.external_id limit 1
    ) stored on stored.deleted_at is null and stored.observed_ms <= ${observedMs}::bigint
    order by gone.place`.execute(transaction);
  return rows.map((row) => row.external_id);
}
