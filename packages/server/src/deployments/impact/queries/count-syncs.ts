import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

export interface SyncCounts {
  readonly connections: number;
  /** Sum over the connections whose full runs were counted, each with the median of its latest ones. */
  readonly calls: number;
  readonly without_forecast: number;
  readonly scheduled: number;
  /** Have no schedule of their own, are not paused and do not wait: get or lose one with the code. */
  readonly following: number;
  readonly held: number;
}

/** What there is of a sync over all connections. */
export async function countSyncs(
  database: Kysely<Schema>,
  { environmentId, integration, sync }: { environmentId: number; integration: string; sync: string },
): Promise<SyncCounts> {
  const { rows } = await sql<SyncCounts>`
    with found as (
      select s.id, s.next_run_at, s.schedule_override, s.paused,
        (select percentile_disc(0.5) within group (order by calls) from unnest(s.full_calls) calls) as calls
      from syncs s
      where s.environment_id = ${environmentId} and s.integration = ${integration} and s.sync = ${sync}
    )
    select count(*)::int as connections, coalesce(sum(calls), 0)::float8 as calls,
      count(*) filter (where calls is null)::int as without_forecast,
      count(*) filter (where next_run_at is not null and not paused)::int as scheduled,
      count(*) filter (where schedule_override is null and not paused)::int as following,
      coalesce((select sum(record_count) from holds h
        where h.environment_id = ${environmentId} and h.status = 'pending' and h.sync_id in (select id from found)), 0)::float8
        as held
    from found`.execute(database);
  return rows[0] ?? { connections: 0, calls: 0, without_forecast: 0, scheduled: 0, following: 0, held: 0 };
}
