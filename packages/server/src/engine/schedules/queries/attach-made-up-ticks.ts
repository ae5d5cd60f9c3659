import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** Names the run that made up for ticks that were noted before it was known: there were too many to count at once. */
export async function attachMadeUpTicks(
  database: Kysely<Schema>,
  runs: ReadonlyArray<{ syncId: number | string; runId: string }>,
): Promise<void> {
  if (runs.length === 0) return;
  await sql`
    update skipped_ticks t set run_id = d.run_id
    from unnest(${runs.map(({ syncId }) => syncId)}::bigint[], ${runs.map(({ runId }) => runId)}::uuid[])
      as d (sync_id, run_id)
    where t.sync_id = d.sync_id and t.reason = 'made_up_for' and t.run_id is null`.execute(database);
}
