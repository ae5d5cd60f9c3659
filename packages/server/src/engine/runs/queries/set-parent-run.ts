import type { Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** Notes which run another one repeats. */
export async function setParentRun(
  database: Kysely<Schema>,
  { runId, parentRunId }: { runId: string; parentRunId: string },
): Promise<void> {
  await database.updateTable('runs').set({ parent_run_id: parentRunId }).where('id', '=', runId).execute();
}
