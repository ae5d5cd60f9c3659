import { sql, type Kysely } from 'kysely';
import type { Run } from '@tenon/runtime/contract';
import type { Schema } from '../../../database/schema.ts';

/**
 * Runs that have been queued for a while and do not wait for a time to come, those that nothing holds up first: whether
 * a job waits for them is unknown, for the process that queued them may have died before it told the engine.
 */
export async function findQueuedRuns(
  database: Kysely<Schema>,
  { queuedBefore, now, limit }: { queuedBefore: Date; now: Date; limit: number },
): Promise<Array<{ id: string; trigger: Run['trigger'] }>> {
  const { rows } = await sql<{ id: string; trigger: Run['trigger'] }>`
    select id, trigger from runs
    where status = 'queued' and created_at <= ${queuedBefore} and (not_before is null or not_before <= ${now})
    order by waits_for in ('concurrency', 'earlier_run') is true, id limit ${limit}`.execute(database);
  return rows;
}
