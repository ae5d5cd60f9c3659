import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';
import { forgetEnded } from '../../../engine/runs/queries/forget-ended.ts';

const error = JSON.stringify({
  code: 'run_cancelled',
  message: 'The records of the environment were taken back to before a deployment.',
});

/**
 * Ends every unfinished run of the environment's syncs; a page that one is about to commit is refused. Events that the
 * app forwarded came once, so their runs are queued again, for the code of the version that is active then. The caller
 * has locked the syncs.
 * @returns how many were cancelled
 */
export async function stopRuns(
  transaction: Kysely<Schema>,
  { environmentId, version, now }: { environmentId: number; version: number; now: Date },
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    with stopped as (
      update runs r
      set attempt = r.attempt + 1, owner = null, heartbeat_at = null, waits_for = null,
        status = case when r.lane = 'webhook' then 'queued' else 'cancelled' end,
        finished_at = case when r.lane = 'webhook' then null else ${now}::timestamptz end,
        error = case when r.lane = 'webhook' then null else ${error}::jsonb end,
        version = case when r.lane = 'webhook' then ${version} else r.version end,
        integration = case when r.lane = 'webhook' then s.integration else r.integration end,
        function = case when r.lane = 'webhook' then s.sync else r.function end,
        cursor_epoch = case when r.lane = 'webhook' then s.cursor_epoch else r.cursor_epoch end
      from syncs s
      where s.id = r.sync_id and s.environment_id = ${environmentId} and r.status in ('queued', 'running')
      returning r.*
    ), ${forgetEnded(sql`stopped`)}
    select count(*)::int as count from stopped where status = 'cancelled'`.execute(transaction);
  return rows[0]?.count ?? 0;
}
