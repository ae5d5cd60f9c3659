import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Schema } from '../../../database/schema.ts';
import { publishRunEvents } from '../../../webhooks/runs/publish-run-events.ts';
import type { RunClaim } from '../run-claim.ts';
import { runColumns, type RunRow } from '../run-row.ts';
import { forgetEnded } from './forget-ended.ts';
import { nextGeneration } from './next-generation.ts';
import { lostRunError } from '../run-error.ts';

/** A run is tried this often when the process that executes it disappears; then it ends as lost. */
export const maxLosses = 3;

/**
 * Takes running runs away from their executor: back into the queue under the next attempt, or ended, when the run was
 * cancelled, was lost too often, or is an action, which nobody waits for any more and which may not be repeatable. What
 * it locked is free.
 */
function releaseWhere(condition: RawBuilder<unknown>, options: { lost: boolean; now: Date }) {
  const loss = options.lost ? 1 : 0;
  const error = JSON.stringify(lostRunError);
  return sql<RunRow>`
    with released as (
      select id, case
        when cancel_requested then 'cancelled'
        when kind = 'action' or losses + ${loss}::int >= ${maxLosses}::int then 'lost'
        else 'queued' end as next_status
      from runs where status = 'running' and ${condition}
      order by id
      for no key update
    ), unlocked as (
      delete from locks using released where locks.run_id = released.id
    ), updated as (
      update runs r
      set status = next_status, losses = losses + ${loss}::int, owner = null, heartbeat_at = null,
        attempt = attempt + case when next_status = 'queued' then 1 else 0 end,
        generation = case when next_status = 'queued' then ${nextGeneration} else generation end,
        finished_at = case when next_status = 'queued' then null else ${options.now}::timestamptz end,
        error = case when next_status = 'lost' then ${error}::jsonb else error end
      from released where r.id = released.id
      returning r.*
    ), ${forgetEnded(sql`updated`)}
    select ${runColumns} from updated r join connections c on c.id = r.connection_id`;
}

/**
 * Locks the syncs first, as everywhere: a run that somebody queues behind one of these is there when its end is
 * announced. Tells the app's webhooks, in the same transaction, of those that ended.
 */
function release(
  database: Kysely<Schema>,
  condition: RawBuilder<unknown>,
  options: { lost: boolean; now: Date },
): Promise<RunRow[]> {
  return database.transaction().execute(async (transaction) => {
    await sql`
      select from syncs where id in (select sync_id from runs where status = 'running' and ${condition})
      order by id for no key update`.execute(transaction);
    const { rows } = await releaseWhere(condition, options).execute(transaction);
    // Always in one order: events of a connection wait for each other.
    const ended = rows.filter(({ status }) => status !== 'queued').sort((a, b) => (laneOf(a) < laneOf(b) ? -1 : 1));
    for (const row of ended) await publishRunEvents(transaction, row);
    return rows;
  });
}

const laneOf = ({ environment_id, integration, connection }: RunRow) =>
  `${environment_id}/${integration}/${connection}`;

/** Gives up one run. @returns undefined when the claim was lost already */
export async function releaseRun(
  database: Kysely<Schema>,
  claim: RunClaim,
  options: { lost: boolean; now: Date },
): Promise<RunRow | undefined> {
  const condition = sql`id = ${claim.id} and attempt = ${claim.attempt} and owner = ${claim.owner}`;
  const [row] = await release(database, condition, options);
  return row;
}

/** Gives up the runs whose owners fell silent for longer than `staleAfterMs`, by the database's clock. */
export async function releaseSilentRuns(
  database: Kysely<Schema>,
  options: { staleAfterMs: number; now: Date },
): Promise<RunRow[]> {
  const condition = sql`heartbeat_at < now() - ${options.staleAfterMs}::float8 * interval '1 millisecond'`;
  return await release(database, condition, { lost: true, now: options.now });
}

/** Gives up every run of every other owner: for a server that knows it is the only one, when it starts. */
export async function releaseForeignRuns(
  database: Kysely<Schema>,
  options: { owner: string; now: Date },
): Promise<RunRow[]> {
  const condition = sql`owner is distinct from ${options.owner}`;
  return await release(database, condition, { lost: true, now: options.now });
}
