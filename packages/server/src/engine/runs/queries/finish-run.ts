import { sql, type Kysely } from 'kysely';
import type { RunError, RunStatus } from '@tenon/runtime/contract';
import type { Schema } from '../../../database/schema.ts';
import { publishRunEvents } from '../../../webhooks/runs/publish-run-events.ts';
import type { RunClaim } from '../run-claim.ts';
import { runColumns, type RunRow } from '../run-row.ts';

export interface RunEnding {
  status: RunStatus;
  error: RunError | null;
  /** Records deleted beside those that the pages counted. */
  deleted: number;
  now: Date;
}

/** Ends a run, and tells the app's webhooks of it in the same transaction. */
export async function finishRun(
  database: Kysely<Schema>,
  claim: RunClaim,
  values: RunEnding,
): Promise<RunRow | undefined> {
  if (!database.isTransaction) {
    return await database.transaction().execute((transaction) => finishRun(transaction, claim, values));
  }
  const row = await updateRun(database, claim, values);
  if (row) await publishRunEvents(database, row);
  return row;
}

/**
 * Ends a run in one statement: its status and its last counts.
 * Its sync is locked before the run is changed, as the scheduler does it: the other way round they would wait for each
 * other, so the condition on `held`, which is always true, has it evaluated first.
 * @returns the ended run; undefined when the claim was lost, and nothing was written
 */
async function updateRun(database: Kysely<Schema>, claim: RunClaim, values: RunEnding): Promise<RunRow | undefined> {
  const { rows } = await sql<RunRow>`
    with held as (
      select s.id from syncs s join runs r on r.sync_id = s.id where r.id = ${claim.id} for no key update of s
    ), finished as (
      update runs
      set status = ${values.status}, finished_at = ${values.now}, heartbeat_at = null,
        error = ${values.error && JSON.stringify(values.error)}::jsonb,
        counts = case when ${values.deleted}::int = 0 then counts
          else jsonb_set(counts, '{deleted}', to_jsonb((counts->>'deleted')::int + ${values.deleted}::int)) end
      where id = ${claim.id} and attempt = ${claim.attempt} and owner = ${claim.owner} and status = 'running'
        and (select count(*) from held) >= 0
      returning *
    )
    select ${runColumns} from finished r join connections c on c.id = r.connection_id`.execute(database);
  return rows[0];
}
