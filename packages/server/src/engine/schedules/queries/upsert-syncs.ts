import { sql, type Kysely } from 'kysely';
import type { Overlap } from '@tenon/runtime/contract';
import type { Schema } from '../../../database/schema.ts';
import type { Schedule } from '../next-run.ts';
import { anchorMs } from './anchor-ms.ts';

export interface DeclaredSync {
  readonly integration: string;
  readonly sync: string;
  readonly schedule: Schedule | null;
  readonly overlap: Overlap;
  /** Of a cron expression: its next tick. */
  readonly cronNextAt: Date | null;
}

/**
 * Gives every connection (or the one) a row for each declared sync of its integration. A new one, or one that comes
 * back, is due now. One whose schedule changed is due at the next tick of the new one, or when it was if that has passed.
 * Those that are as declared are not even locked. In a preview none is ever started by its schedule. Jitter is counted as in find-jitter.ts, ticks as in next-run.ts.
 */
export async function upsertSyncs(
  database: Kysely<Schema>,
  options: { environmentId: number; connectionId: number | undefined; declared: readonly DeclaredSync[]; now: Date },
): Promise<void> {
  const { declared, now } = options;
  const connectionId = options.connectionId ?? null;
  const effective = sql`coalesce(syncs.schedule_override, syncs.schedule)`;
  const jitterMs = sql`floor(
    (((syncs.id % 2147483648) * 2654435761) % 4294967296)::float8
      * coalesce((excluded.schedule->>'jitterMs')::float8, 0) / 4294967296)`;
  await sql`
    with declared as (
      select * from unnest(
        ${declared.map(({ integration }) => integration)}::text[], ${declared.map(({ sync }) => sync)}::text[],
        ${declared.map(({ schedule }) => schedule && JSON.stringify(schedule))}::jsonb[],
        ${declared.map(({ overlap }) => overlap)}::text[],
        ${declared.map(({ cronNextAt }) => cronNextAt)}::timestamptz[]
      ) as d (integration, sync, schedule, overlap, cron_next_at)
    )
    insert into syncs (environment_id, connection_id, integration, sync, schedule, overlap, next_run_at, waits_for)
    select c.environment_id, c.id, c.integration, d.sync, d.schedule, d.overlap,
      case when d.schedule is null then null
        else greatest(${now}::timestamptz, to_timestamp(${anchorMs} / 1000)) end,
      case when e.parent_id is not null then 'preview' when c.state = 'auth_failed' then 'reconnect' end
    from connections c join environments e on e.id = c.environment_id join declared d on d.integration = c.integration
      left join syncs s on s.connection_id = c.id and s.sync = d.sync
    where c.environment_id = ${options.environmentId}
      and (${connectionId}::bigint is null or c.id = ${connectionId}::bigint)
      and (s.id is null or s.schedule is distinct from d.schedule or s.overlap <> d.overlap
        or (s.next_run_at is null and s.schedule is null and s.schedule_override is not null))
    on conflict (connection_id, sync) do update
    set schedule = excluded.schedule,
      overlap = excluded.overlap,
      next_run_at = case
        when coalesce(syncs.schedule_override, excluded.schedule) is null then null
        when ${effective} is null or (syncs.next_run_at is null and syncs.schedule is null) then ${now}
        when syncs.schedule_override is not null or syncs.schedule = excluded.schedule then syncs.next_run_at
        when syncs.next_run_at <= ${now} then syncs.next_run_at
        when excluded.schedule->>'type' = 'cron' then (
          select d.cron_next_at + ${jitterMs} * interval '1 millisecond' from declared d
          where d.integration = excluded.integration and d.sync = excluded.sync)
        else (
          select to_timestamp(
            (t.start_ms + (floor((t.now_ms - t.start_ms) / t.every_ms) + 1) * t.every_ms) / 1000)
          from (
            select (excluded.schedule->>'everyMs')::float8 as every_ms, ${now.getTime()}::float8 as now_ms,
              coalesce((excluded.schedule->>'phaseMs')::float8, ${anchorMs}) + ${jitterMs} as start_ms
            from connections c where c.id = excluded.connection_id
          ) t) end`.execute(database);
}
