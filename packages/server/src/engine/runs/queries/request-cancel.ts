import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';
import { cancelledRunError } from '../run-error.ts';
import { runColumns, type RunRow } from '../run-row.ts';
import { forgetEnded } from './forget-ended.ts';

/** The servers listen to it for the ids of runs to cancel. */
export const cancelChannel = 'tenon_cancel';

/** Cancels a queued run, or tells whoever executes a running one. @returns undefined when it is neither */
export async function requestCancel(
  database: Kysely<Schema>,
  { environmentId, runId, now }: { environmentId: number; runId: string; now: Date },
): Promise<RunRow | undefined> {
  const { rows } = await sql<RunRow>`
    with requested as (
      update runs
      set cancel_requested = true,
        status = case status when 'queued' then 'cancelled' else status end,
        waits_for = null, not_before = null,
        finished_at = case status when 'queued' then ${now}::timestamptz end,
        error = case status when 'queued' then ${JSON.stringify(cancelledRunError)}::jsonb end
      where id = ${runId} and environment_id = ${environmentId} and status in ('queued', 'running')
      returning *
    ), told as (
      select pg_notify(${cancelChannel}, id::text) from requested where status = 'running'
    ), ${forgetEnded(sql`requested`)}
    select ${runColumns} from requested r join connections c on c.id = r.connection_id
    where (select count(*) from told) >= 0`.execute(database);
  return rows[0];
}
