import { sql, type Kysely } from 'kysely';
import type { RunError, RunStatus } from '@tenon/runtime/contract';
import type { Schema } from '../../../database/schema.ts';
import { toJsonbText } from '../../../database/to-jsonb-text.ts';
import { publishRunEvents } from '../../../webhooks/runs/publish-run-events.ts';
import type { RunClaim } from '../run-claim.ts';
import { heldRunError } from '../run-error.ts';
import { runColumns, type RunRow } from '../run-row.ts';
import { forgetEnded } from './forget-ended.ts';
import { lockSyncOfRun } from './lock-sync-of-run.ts';

/** A run that ended, and whether others waited for that. */
export interface FinishedRun extends RunRow {
  /** Runs of the same sync are queued. */
  readonly next_waits: boolean;
  /** Its environment limits concurrency. */
  readonly is_limited: boolean;
}

export interface RunEnding {
  readonly status: RunStatus;
  readonly error: RunError | null;
  /** Records deleted beside those that the pages counted. */
  readonly deleted: number;
  /** Deletions held beside those that the pages counted. */
  readonly held?: number;
  /** Calls to the provider of a run that read everything, for forecasts of the next one. */
  readonly fullCalls?: number | undefined;
  readonly now: Date;
  /** Actions tell the app's webhooks nothing, so theirs needs no transaction. Default false. */
  readonly isAction?: boolean;
}

/**
 * Ends a run, and tells the app's webhooks of it in the same transaction.
 * @returns the ended run; undefined when the claim was lost, and nothing was written
 */
export async function finishRun(
  database: Kysely<Schema>,
  claim: RunClaim,
  ending: RunEnding,
): Promise<FinishedRun | undefined> {
  if (ending.isAction === true) return await updateRun(database, claim, ending);
  if (!database.isTransaction) {
    return await database.transaction().execute((transaction) => finishRun(transaction, claim, ending));
  }
  await lockSyncOfRun(database, claim.id);
  const row = await updateRun(database, claim, ending);
  if (row) await publishRunEvents(database, row);
  return row;
}

/**
 * Ends a run in one statement: its status and its last counts. A run that succeeded, but for deletions that are held,
 * whichever of its attempts held them, is `held`.
 */
async function updateRun(
  database: Kysely<Schema>,
  claim: RunClaim,
  { status, error, deleted, held = 0, now, fullCalls }: RunEnding,
): Promise<FinishedRun | undefined> {
  const isHeld = sql`${status === 'succeeded'} and (counts->>'held')::int + ${held}::int > 0`;
  const counts = sql`counts || jsonb_build_object('deleted', (counts->>'deleted')::int + ${deleted}::int,
    'held', (counts->>'held')::int + ${held}::int)`;
  const { rows } = await sql<FinishedRun>`
    with finished as (
      update runs
      set status = case when ${isHeld} then 'held' else ${status} end, finished_at = ${now}, heartbeat_at = null,
        error = case when ${isHeld} then ${JSON.stringify(heldRunError)} else ${error && toJsonbText(error)} end::jsonb,
        counts = ${deleted + held === 0 ? sql`counts` : counts}
      where id = ${claim.id} and attempt = ${claim.attempt} and owner = ${claim.owner} and status = 'running'
      returning *
    ), ${noteFullCalls(fullCalls)} ${forgetEnded(sql`finished`)}
    select ${runColumns}, e.limits is not null as is_limited, exists (
      select from runs q where q.sync_id = r.sync_id and q.status = 'queued' and q.id <> r.id) as next_waits
    from finished r join connections c on c.id = r.connection_id join environments e on e.id = r.environment_id`.execute(
    database,
  );
  return rows[0];
}

function noteFullCalls(calls: number | undefined) {
  if (calls === undefined) return sql``;
  return sql`noted as (
      update syncs set full_calls = (array[${calls}::integer] || full_calls)[1:5]
      from finished where syncs.id = finished.sync_id
    ),`;
}
