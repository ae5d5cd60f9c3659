import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

export interface TickRun {
  readonly id: string;
  readonly due_at: Date;
  readonly started_at: Date | null;
}

/** The runs that a sync's schedule started, the latest first; `before` is the last one of the page before. */
export async function selectTickRuns(
  database: Kysely<Schema>,
  { syncId, before, limit }: { syncId: number | string; before: string | undefined; limit: number },
): Promise<TickRun[]> {
  const { rows } = await sql<TickRun>`
    select id, due_at, started_at from runs
    where sync_id = ${syncId} and trigger in ('schedule', 'connect')
      ${before === undefined ? sql`` : sql`and id < ${before}`}
    order by id desc limit ${limit}`.execute(database);
  return rows;
}
