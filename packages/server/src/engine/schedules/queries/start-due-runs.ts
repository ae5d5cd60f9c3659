import { sql, type Kysely } from 'kysely';
import type { Run } from '@tenon/runtime/contract';
import type { Schema } from '../../../database/schema.ts';
import { noCounts } from '../../runs/run-row.ts';
import type { DueSync } from './take-due-syncs.ts';

export interface DueRun {
  readonly runId: string;
  readonly sync: DueSync;
  readonly trigger: Run['trigger'];
  /** null: never again. */
  readonly nextRunAt: Date | null;
}

/**
 * Queues a run for each due sync that has none unfinished, and moves every one of them to its next time.
 * @returns the ids of the runs that were queued; a sync that is missing was skipped
 */
export async function startDueRuns(
  database: Kysely<Schema>,
  { due, now }: { due: readonly DueRun[]; now: Date },
): Promise<Set<string>> {
  const { rows } = await sql<{ run_id: string | null }>`
    with due as (
      select * from unnest(
        ${due.map(({ runId }) => runId)}::uuid[], ${due.map(({ sync }) => sync.id)}::bigint[],
        ${due.map(({ trigger }) => trigger)}::text[], ${due.map(({ sync }) => sync.active_version)}::int[],
        ${due.map(({ nextRunAt }) => nextRunAt)}::timestamptz[]
      ) as d (run_id, sync_id, trigger, version, next_run_at)
    ), inserted as (
      insert into runs
        (id, environment_id, connection_id, sync_id, kind, integration, function, version, trigger, cursor_epoch, due_at, counts,
         created_at)
      select d.run_id, s.environment_id, s.connection_id, s.id, 'sync', s.integration, s.sync, d.version, d.trigger,
        s.cursor_epoch, s.next_run_at, ${JSON.stringify(noCounts)}::jsonb, ${now}
      from due d join syncs s on s.id = d.sync_id
      where not exists (
        select from runs u where u.sync_id = s.id and u.status in ('queued', 'running') and u.lane = 'live')
      order by d.run_id
      on conflict (sync_id) where status = 'queued' and lane = 'live' and not side_by_side do nothing
      returning id, sync_id
    )
    update syncs set next_run_at = d.next_run_at, last_run_id = coalesce(i.id, last_run_id)
    from due d left join inserted i on i.sync_id = d.sync_id
    where syncs.id = d.sync_id
    returning i.id as run_id`.execute(database);
  return new Set(rows.flatMap(({ run_id }) => (run_id === null ? [] : [run_id])));
}
