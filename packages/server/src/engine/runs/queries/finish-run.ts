import { sql, type Kysely } from 'kysely';
import type { RunError, RunStatus } from '@tenon/runtime/contract';
import type { Schema } from '../../../database/schema.ts';
import type { RunClaim } from '../run-claim.ts';
import { runColumns, type RunRow } from '../run-row.ts';

/**
 * Ends a run in one statement: its status and its last counts.
 * Its sync is locked before the run is changed, as the scheduler does it: the other way round they would wait for each
 * other, so the condition on `held`, which is always true, has it evaluated first.
 * @returns the ended run; undefined when the claim was lost, and nothing was written
 */
export async function finishRun(
  database: Kysely<Schema>,
  claim: RunClaim,
  values: {
    status: RunStatus;
    error: RunError | null;
    /** Records deleted beside those that the pages counted. */
    deleted: number;
    /** Deletions held beside those that the pages counted. A run that holds some succeeds as `held`. */
    held?: number;
    now: Date;
  },
): Promise<RunRow | undefined> {
  const held = values.held ?? 0;
  const { rows } = await sql<RunRow>`
    with held as (
      select s.id from syncs s join runs r on r.sync_id = s.id where r.id = ${claim.id} for no key update of s
    ), finished as (
      update runs
      set status = case when ${values.status}::text = 'succeeded' and (counts->>'held')::int + ${held}::int > 0
          then 'held' else ${values.status}::text end, finished_at = ${values.now}, heartbeat_at = null,
        error = ${values.error && JSON.stringify(values.error)}::jsonb,
        counts = case when ${values.deleted + held}::int = 0 then counts
          else counts || jsonb_build_object('deleted', (counts->>'deleted')::int + ${values.deleted}::int,
            'held', (counts->>'held')::int + ${held}::int) end
      where id = ${claim.id} and attempt = ${claim.attempt} and owner = ${claim.owner} and status = 'running'
        and (select count(*) from held) >= 0
      returning *
    )
    select ${runColumns} from finished r join connections c on c.id = r.connection_id`.execute(database);
  return rows[0];
}
