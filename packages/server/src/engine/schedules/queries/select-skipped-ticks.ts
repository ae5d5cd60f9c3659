import { sql, type Kysely } from 'kysely';
import type { Tick } from '@tenon/runtime/contract';
import type { Schema } from '../../../database/schema.ts';

export interface SkippedRow {
  readonly id: number | string;
  readonly due_at: Date;
  readonly until_at: Date;
  readonly ticks: number;
  readonly reason: NonNullable<Tick['reason']>;
  readonly run_id: string | null;
}

/** The ticks of a sync that did not run, the latest first; `before` is the last row of the page before. */
export async function selectSkippedTicks(
  database: Kysely<Schema>,
  options: { syncId: number | string; before: { dueAt: Date; id: string } | undefined; limit: number },
): Promise<SkippedRow[]> {
  const { before } = options;
  const { rows } = await sql<SkippedRow>`
    select id, due_at, until_at, ticks, reason, run_id from skipped_ticks
    where sync_id = ${options.syncId}
      ${before ? sql`and due_at <= ${before.dueAt} and (due_at, id) < (${before.dueAt}, ${before.id}::bigint)` : sql``}
    order by due_at desc, id desc limit ${options.limit}`.execute(database);
  return rows;
}
