import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** Takes the schedule from the syncs that are declared no more. Their rows stay: cursor and history are theirs. */
export async function retireSyncs(
  database: Kysely<Schema>,
  options: { environmentId: number; declared: ReadonlyArray<{ integration: string; sync: string }> },
): Promise<void> {
  const { declared } = options;
  await sql`
    update syncs set schedule = null, next_run_at = null
    where environment_id = ${options.environmentId} and (schedule is not null or next_run_at is not null)
      and (integration, sync) not in (
        select * from unnest(
          ${declared.map(({ integration }) => integration)}::text[], ${declared.map(({ sync }) => sync)}::text[]))`.execute(
    database,
  );
}
