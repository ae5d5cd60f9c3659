import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** @returns when a generation began, as far as its pages tell, and whether every id of the dataset could be read */
export async function readSightings(
  transaction: Kysely<Schema>,
  run: { id: string; generation: number },
  datasetId: number,
): Promise<{ beganMs: number | undefined; isComplete: boolean }> {
  const { rows } = await sql<{ began_ms: number | null; is_complete: boolean | null }>`
    select min(began_ms) as began_ms,
      bool_and(array_position(external_ids, null) is null)
        filter (where dataset_id = ${datasetId}::bigint) as is_complete
    from sightings where run_id = ${run.id} and generation = ${run.generation}`.execute(transaction);
  const [row] = rows;
  return { beganMs: row?.began_ms ?? undefined, isComplete: row?.is_complete ?? true };
}
