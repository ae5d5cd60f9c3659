import type { Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';
import { runMissing } from '../../../engine/runs/run-queries.ts';

/** What the history needs to know of a run. @throws TenonError `not_found` */
export async function findRunRow(
  database: Kysely<Schema>,
  { environmentId, runId }: { environmentId: number; runId: string },
): Promise<{ id: string; sync_id: number | null; connection_id: number }> {
  const row = await database
    .selectFrom('runs')
    .select(['id', 'sync_id', 'connection_id'])
    .where('environment_id', '=', environmentId)
    .where('id', '=', runId)
    .executeTakeFirst();
  if (row) return row;
  throw runMissing(runId);
}
