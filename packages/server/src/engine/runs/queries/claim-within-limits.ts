import { sql, type Kysely, type RawBuilder, type Transaction } from 'kysely';
import type { Schema } from '../../../database/schema.ts';
import { priorities } from '../run-priority.ts';
import { claimColumns, claimValues, type ClaimedRun } from './claim-run.ts';
import { isBlocked, mayBegin } from './may-begin.ts';

/** Has an environment to itself, as far as its limits of concurrency go, until the end of the transaction. */
export async function lockLimits(transaction: Transaction<Schema>, environmentId: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('tenon_run_limits'), ${environmentId})`.execute(transaction);
}

const priority = sql.join(
  Object.entries(priorities).map(([trigger, value]) => sql`when ${sql.lit(trigger)} then ${sql.lit(value)}`),
  sql` `,
);

/** Has room: no count of running runs reaches a limit. A limit that is not set is null, and so is what compares to it. */
const hasRoom = sql`
  coalesce((select count(*) from busy) < (e.limits->>'environment')::int, true)
  and coalesce((select count(*) from busy o where o.integration = r.integration)
    < (e.limits->'integrations'->r.integration->>'runs')::int, true)
  and coalesce((select count(*) from busy o where o.connection_id = r.connection_id)
    < (e.limits->'integrations'->r.integration->>'connection')::int, true)
  and coalesce((select count(*) from busy o
      where o.concurrency_key = e.limits->'syncs'->(r.integration || '/' || r.function)->>'key')
    < (e.limits->'syncs'->(r.integration || '/' || r.function)->>'limit')::int, true)`;

/** The best of those that wait, as far as there is room: the highest priority, and within it the oldest. */
function selectBest({ environmentId, runId, now }: { environmentId: number; runId?: string; now: Date }) {
  const waits =
    runId === undefined ? sql`r.waits_for = 'concurrency'` : sql`(r.waits_for = 'concurrency' or r.id = ${runId})`;
  return sql`busy as materialized (
      select integration, connection_id, concurrency_key from runs
      where environment_id = ${environmentId} and status = 'running' and kind = 'sync'
    ), best as (
      select r.id, r.trigger, e.limits->'syncs'->(r.integration || '/' || r.function)->>'key' as concurrency_key
      from runs r join environments e on e.id = r.environment_id
      where r.environment_id = ${environmentId} and r.kind = 'sync' and r.status = 'queued' and ${waits}
        and ${mayBegin(now)} and ${hasRoom}
      order by case r.trigger ${priority} else 0 end desc, r.id limit 1
      for no key update of r skip locked
    )` satisfies RawBuilder<unknown>;
}

/**
 * Takes the best run of an environment that waits for room or is `runId`, under the environment's lock, so that no two
 * servers count at once. It need not be `runId`: whoever comes with a free place takes what is first in line.
 */
export async function claimWithinLimits(
  transaction: Transaction<Schema>,
  values: { environmentId: number; runId: string; owner: string; now: Date },
): Promise<ClaimedRun | undefined> {
  const { rows } = await sql<ClaimedRun>`
    with ${selectBest(values)}, claimed as (
      update runs r set ${claimValues(values)}, concurrency_key = best.concurrency_key
      from best where r.id = best.id
      returning r.*
    )
    select ${claimColumns} from claimed r join connections c on c.id = r.connection_id
      join environments e on e.id = r.environment_id`.execute(transaction);
  return rows[0];
}

/** Has a run wait for room, unless it was taken or waits for an earlier one. */
export async function waitForRoom(
  transaction: Transaction<Schema>,
  { runId, now }: { runId: string; now: Date },
): Promise<void> {
  await sql`
    update runs r set waits_for = case when ${isBlocked} then 'earlier_run' else 'concurrency' end
    where r.id = ${runId} and r.status = 'queued' and (r.not_before is null or r.not_before <= ${now})`.execute(
    transaction,
  );
}

/** The run that the room which became free is for. */
export async function findFirstInLine(
  transaction: Kysely<Schema>,
  values: { environmentId: number; now: Date },
): Promise<{ id: string; trigger: ClaimedRun['trigger'] } | undefined> {
  const { rows } = await sql<{ id: string; trigger: ClaimedRun['trigger'] }>`
    with ${selectBest(values)} select id, trigger from best`.execute(transaction);
  return rows[0];
}
