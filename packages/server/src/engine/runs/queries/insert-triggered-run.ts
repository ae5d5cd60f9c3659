import { sql, type Kysely } from 'kysely';
import type { Run } from '@tenon/runtime/contract';
import { flushedLater } from '../../../database/flushed-later.ts';
import type { Schema } from '../../../database/schema.ts';
import { noCounts, runColumns, type RunRow } from '../run-row.ts';

export interface TriggeredRun {
  readonly active_version: number;
  /** null: the environment has no such connection. */
  readonly connection_id: number | string | null;
  /** null: the connection has no such sync. */
  readonly sync_id: number | string | null;
  /** The customer has to connect again; null: no. */
  readonly auth_failed: { readonly message?: string } | null;
  /** null: not inserted, because a run of the sync is unfinished, or something above is amiss. */
  readonly run: RunRow | null;
}

/**
 * Queues a run of a sync, if the environment's active version is still the expected one and no run of the sync is
 * unfinished (runs_unfinished is unique, so two triggers at once make one run).
 * The sync is locked before its run is inserted, as the scheduler does it: the other way round they would wait for each
 * other.
 * The engine's job, which is inserted next, is flushed before the caller has an answer, and this with it.
 */
export async function insertTriggeredRun(
  database: Kysely<Schema>,
  values: {
    runId: string;
    environmentId: number;
    integration: string;
    connection: string;
    sync: string;
    trigger: Run['trigger'];
    version: number;
    now: Date;
  },
): Promise<TriggeredRun | undefined> {
  const { rows } = await sql<
    {
      active_version: number;
      place_connection_id: number | string | null;
      place_sync_id: number | string | null;
      auth_failed: TriggeredRun['auth_failed'];
    } & (RunRow | { id: null })
  >`
    with held as (
      select s.id, s.connection_id, s.cursor_epoch from syncs s join connections c on c.id = s.connection_id
      where c.environment_id = ${values.environmentId} and c.integration = ${values.integration}
        and c.name = ${values.connection} and s.sync = ${values.sync}
      for no key update of s
    ), place as (
      select e.id as environment_id, e.active_version, c.id as connection_id, c.name, s.id as sync_id,
        s.cursor_epoch, case when c.state = 'auth_failed' then coalesce(c.problem, '{}') end as auth_failed
      from environments e
      left join connections c
        on c.environment_id = e.id and c.integration = ${values.integration} and c.name = ${values.connection}
      left join held s on s.connection_id = c.id
      where e.id = ${values.environmentId}
    ), inserted as (
      insert into runs
        (id, environment_id, connection_id, sync_id, kind, integration, function, version, trigger, cursor_epoch, due_at, counts,
         created_at)
      select ${values.runId}::uuid, environment_id, connection_id, sync_id, 'sync', ${values.integration}, ${values.sync},
        active_version, ${values.trigger}, cursor_epoch, ${values.now}, ${JSON.stringify(noCounts)}::jsonb, ${values.now}
      from place
      where sync_id is not null and auth_failed is null and active_version = ${values.version}
        and not exists (
          select from runs u where u.sync_id = place.sync_id and u.status in ('queued', 'running') and u.lane = 'live')
      on conflict (sync_id) where status = 'queued' and lane = 'live' and not side_by_side do nothing
      returning *
    ), remembered as (
      update syncs set last_run_id = inserted.id from inserted where syncs.id = inserted.sync_id
    )
    select c.active_version, c.connection_id as place_connection_id, c.sync_id as place_sync_id, c.auth_failed,
      ${runColumns}
    from place c left join inserted r on true
    where ${flushedLater}`.execute(database);
  const row = rows[0];
  return (
    row && {
      active_version: row.active_version,
      connection_id: row.place_connection_id,
      sync_id: row.place_sync_id,
      auth_failed: row.auth_failed,
      run: row.id === null ? null : row,
    }
  );
}
