import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** Notes which ids a run has seen in one page; null is a record whose id could not be read. */
export async function insertSighting(
  database: Kysely<Schema>,
  options: {
    run: { id: string; generation: number; beganMs: number };
    datasetId: number;
    ids: ReadonlyArray<string | null>;
  },
): Promise<void> {
  const { run, datasetId, ids } = options;
  await sql`
    insert into sightings (run_id, generation, dataset_id, external_ids, began_ms)
    values (${run.id}, ${run.generation}, ${datasetId}, ${[...ids]}::text[], ${run.beganMs})`.execute(database);
}
