import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';
import type { Schedule } from '../next-run.ts';

export interface DeclaredSync {
  readonly integration: string;
  readonly sync: string;
  readonly schedule: Schedule | null;
  /** When it is due at the latest, if it had another schedule until now. */
  readonly changedRunAt: Date | null;
}

/**
 * Gives every connection (or the one) a row for each declared sync of its integration. A new one, or one that comes
 * back, is due now. One whose schedule changed is due when it was, or earlier if the new schedule says so. An unchanged
 * one isn't touched, so it keeps its phase.
 */
export async function upsertSyncs(
  database: Kysely<Schema>,
  options: { environmentId: number; connectionId: number | undefined; declared: readonly DeclaredSync[]; now: Date },
): Promise<void> {
  const { declared, now } = options;
  await sql`
    insert into syncs (environment_id, connection_id, integration, sync, schedule, next_run_at, waits_for)
    select c.environment_id, c.id, c.integration, d.sync, d.schedule,
      case when d.schedule is null then null else ${now}::timestamptz end,
      case when c.state = 'auth_failed' then 'reconnect' end
    from connections c
    join unnest(
      ${declared.map(({ integration }) => integration)}::text[], ${declared.map(({ sync }) => sync)}::text[],
      ${declared.map(({ schedule }) => schedule && JSON.stringify(schedule))}::jsonb[],
      ${declared.map(({ changedRunAt }) => changedRunAt)}::timestamptz[]
    ) as d (integration, sync, schedule, changed_run_at) on d.integration = c.integration
    where c.environment_id = ${options.environmentId}
      and (${options.connectionId ?? null}::bigint is null or c.id = ${options.connectionId ?? null}::bigint)
    on conflict (connection_id, sync) do update
    set schedule = excluded.schedule,
      next_run_at = case
        when excluded.schedule is null then null
        when syncs.schedule is null then excluded.next_run_at
        else least(syncs.next_run_at, (
          select d.changed_run_at from unnest(
            ${declared.map(({ integration }) => integration)}::text[], ${declared.map(({ sync }) => sync)}::text[],
            ${declared.map(({ changedRunAt }) => changedRunAt)}::timestamptz[]
          ) as d (integration, sync, changed_run_at)
          where d.integration = excluded.integration and d.sync = excluded.sync)) end
    where syncs.schedule is distinct from excluded.schedule`.execute(database);
}
