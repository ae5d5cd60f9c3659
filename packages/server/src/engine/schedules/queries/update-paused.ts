import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** @returns false when there is no such sync */
export async function updatePaused(
  database: Kysely<Schema>,
  options: { syncId: number | string; paused: boolean; nextRunAt: Date | null },
): Promise<void> {
  await sql`
    update syncs set paused = ${options.paused}, next_run_at = ${options.nextRunAt}
    where id = ${options.syncId}`.execute(database);
}
