import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** Removes what a run has noted, of all its attempts, and what runs of its sync left behind that ended in another way. */
export async function forgetSightings(database: Kysely<Schema>, runId: string): Promise<void> {
  await sql`
    delete from sightings where run_id in (
      select ended.id from runs ended join runs r on r.sync_id = ended.sync_id
      where r.id = ${runId} and (ended.id = r.id or ended.status not in ('queued', 'running')))`.execute(database);
}
