import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** Notes which ids a run has seen in one page. */
export async function insertSighting(
  database: Kysely<Schema>,
  options: { run: { id: string; generation: number }; datasetId: number; ids: readonly string[] },
): Promise<void> {
  const { run, datasetId, ids } = options;
  await sql`
    insert into sightings (run_id, generation, dataset_id, external_ids)
    values (${run.id}, ${run.generation}, ${datasetId}, ${[...ids]}::text[])`.execute(database);
}
