import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** Removes what a run has noted, of all its attempts. */
export async function forgetSightings(database: Kysely<Schema>, runId: string): Promise<void> {
  await database.deleteFrom('sightings').where('run_id', '=', runId).execute();
}
