import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';
import type { ResumedSync } from '../skip-period.ts';
import { anchorMs } from './anchor-ms.ts';

export interface ChangedSync extends ResumedSync {
  readonly paused: boolean;
}

/**
 * Syncs whose code takes their schedule away or changes it while it is paused or waits, and which have ticks that are not
 * accounted for yet. Locked until the end of the transaction, in the order of their ids.
 */
export async function lockChangedIdleSyncs(
  database: Kysely<Schema>,
  options: {
    environmentId: number;
    connectionId: number | undefined;
    declared: ReadonlyArray<{ integration: string; sync: string; schedule: object | null }>;
    now: Date;
  },
): Promise<ChangedSync[]> {
  const { declared } = options;
  const connectionId = options.connectionId ?? null;
  const { rows } = await sql<ChangedSync>`
    select s.id, s.paused, coalesce(s.schedule_override, s.schedule) as schedule, s.next_run_at, ${anchorMs} as anchor_ms
    from syncs s join connections c on c.id = s.connection_id
      left join unnest(
        ${declared.map(({ integration }) => integration)}::text[], ${declared.map(({ sync }) => sync)}::text[],
        ${declared.map(({ schedule }) => schedule && JSON.stringify(schedule))}::jsonb[]
      ) as d (integration, sync, schedule) on d.integration = s.integration and d.sync = s.sync
    where s.environment_id = ${options.environmentId} and (s.paused or s.waits_for is not null)
      and s.waits_for is distinct from 'preview'
      and (${connectionId}::bigint is null or s.connection_id = ${connectionId}::bigint)
      and s.next_run_at <= ${options.now} and coalesce(s.schedule_override, s.schedule) is not null
      and case when d.sync is null then ${connectionId}::bigint is null
        else s.schedule_override is null and s.schedule is distinct from d.schedule end
    order by s.id
    for no key update of s`.execute(database);
  return rows;
}
