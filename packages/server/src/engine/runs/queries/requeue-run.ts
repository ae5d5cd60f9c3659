import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';
import type { RunClaim } from '../run-claim.ts';
import { cancelledRunError } from '../run-error.ts';
import { runColumns } from '../run-row.ts';
import type { FinishedRun } from './finish-run.ts';
import { forgetEnded } from './forget-ended.ts';
import { nextGeneration } from './next-generation.ts';

/**
 * Puts a run back into the queue, for its next attempt at a later time; what it locked is free. One that was cancelled
 * meanwhile ends. The sync is locked first, as everywhere.
 * @returns undefined when the claim was lost
 */
export async function requeueRun(
  database: Kysely<Schema>,
  claim: RunClaim,
  values: {
    waitsFor: 'retry' | 'rate_limit';
    notBefore: Date;
    now: Date;
  },
): Promise<FinishedRun | undefined> {
  const { waitsFor, notBefore, now } = values;
  const { rows } = await sql<FinishedRun>`
    with locked as (
      select s.id from syncs s join runs r on r.sync_id = s.id where r.id = ${claim.id} for no key update of s
    ), mine as (
      select * from runs
      where id = ${claim.id} and attempt = ${claim.attempt} and owner = ${claim.owner} and status = 'running'
        and (select count(*) from locked) >= 0
      for no key update
    ), unlocked as (
      delete from locks using mine where locks.run_id = mine.id
    ), judged as (
      select id, case when cancel_requested then 'cancelled' else 'queued' end as next_status from mine
    ), requeued as (
      update runs r
      set status = next_status, owner = null, heartbeat_at = null,
        waits_for = case when next_status = 'queued' then ${waitsFor} end,
        not_before = case when next_status = 'queued' then ${notBefore}::timestamptz end,
        retries = retries + case when next_status = 'queued' then ${waitsFor === 'retry' ? 1 : 0}::int else 0 end,
        attempt = attempt + case when next_status = 'queued' then 1 else 0 end,
        generation = case when next_status = 'queued' then ${nextGeneration} else generation end,
        finished_at = case when next_status = 'queued' then null else ${now}::timestamptz end,
        error = case when next_status = 'cancelled' then ${JSON.stringify(cancelledRunError)}::jsonb end
      from judged where r.id = judged.id
      returning r.*
    ), ${forgetEnded(sql`requeued`)}
    select ${runColumns}, e.limits is not null as is_limited, r.status <> 'queued' as next_waits
    from requeued r join connections c on c.id = r.connection_id join environments e on e.id = r.environment_id`.execute(
    database,
  );
  return rows[0];
}
