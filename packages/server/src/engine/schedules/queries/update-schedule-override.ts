import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';
import type { Schedule } from '../next-run.ts';

export async function updateScheduleOverride(
  database: Kysely<Schema>,
  options: { syncId: number | string; schedule: Schedule | null; nextRunAt: Date | null },
): Promise<void> {
  const override = options.schedule && JSON.stringify(options.schedule);
  await sql`
    update syncs set schedule_override = ${override}::jsonb, next_run_at = ${options.nextRunAt}
    where id = ${options.syncId}`.execute(database);
}
