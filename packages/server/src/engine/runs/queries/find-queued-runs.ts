import { sql, type Kysely } from 'kysely';
import type { Run } from '@tenon/runtime/contract';
import type { Schema } from '../../../database/schema.ts';

/**
 * Runs that have been queued for a while, oldest first: whether a job waits for them is unknown, for the process that
 * queued them may have died before it told the engine.
 */
export async function findQueuedRuns(
  database: Kysely<Schema>,
  { queuedBefore, limit }: { queuedBefore: Date; limit: number },
): Promise<Array<{ id: string; trigger: Run['trigger'] }>> {
  const { rows } = await sql<{ id: string; trigger: Run['trigger'] }>`
    select id, trigger from runs
    where status = 'queued' and created_at <= ${queuedBefore} order by id limit ${limit}`.execute(database);
  return rows;
}
