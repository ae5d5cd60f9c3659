import { sql, type Kysely } from 'kysely';
import type { BackfillRange, Run } from '@tenon/runtime/contract';
import type { Schema } from '../../../database/schema.ts';
import { toJsonbText } from '../../../database/to-jsonb-text.ts';
import type { ForwardedEvent } from '../../../database/tables/run-tables.ts';
import { noCounts, runColumns, type RunRow } from '../run-row.ts';

export interface LaneRun {
  readonly active_version: number;
  /** null: the environment has no such connection. */
  readonly connection_id: number | string | null;
  /** null: the connection has no such sync. */
  readonly sync_id: number | string | null;
  /** The run, or the earlier one of the same event; null: something above is amiss. */
  readonly run: RunRow | null;
  readonly created: boolean;
}

/**
 * Queues a run of a sync beside its live ones, if the environment's active version is still the expected one. The sync
 * is locked first, as everywhere. An event whose key is known has its run already.
 */
export async function insertLaneRun(
  database: Kysely<Schema>,
  values: {
    runId: string;
    environmentId: number;
    integration: string;
    connection: string;
    sync: string;
    version: number;
    trigger: Run['trigger'];
    lane: 'webhook' | 'backfill' | 'replay';
    event: ForwardedEvent | undefined;
    range: BackfillRange | undefined;
    parentRunId: string | undefined;
    now: Date;
  },
): Promise<LaneRun | undefined> {
  const json = (value: unknown) => (value === undefined ? null : toJsonbText(value));
  const key = values.event?.key ?? null;
  const { rows } = await sql<
    {
      active_version: number;
      place_connection_id: number | string | null;
      place_sync_id: number | string | null;
      created: boolean;
    } & (RunRow | { id: null })
  >`
    with locked as (
      select s.id, s.connection_id, s.cursor_epoch from syncs s join connections c on c.id = s.connection_id
      where c.environment_id = ${values.environmentId} and c.integration = ${values.integration}
        and c.name = ${values.connection} and s.sync = ${values.sync}
      for no key update of s
    ), place as (
      select e.id as environment_id, e.active_version, c.id as connection_id, c.name, s.id as sync_id, s.cursor_epoch
      from environments e
      left join connections c
        on c.environment_id = e.id and c.integration = ${values.integration} and c.name = ${values.connection}
      left join locked s on s.connection_id = c.id
      where e.id = ${values.environmentId}
    ), inserted as (
      insert into runs
        (id, environment_id, connection_id, sync_id, kind, integration, function, version, trigger, lane, cursor_epoch,
         due_at, counts, event, range, parent_run_id, created_at)
      select ${values.runId}::uuid, environment_id, connection_id, sync_id, 'sync', ${values.integration}, ${values.sync},
        active_version, ${values.trigger}, ${values.lane}, cursor_epoch, ${values.now},
        ${JSON.stringify(noCounts)}::jsonb, ${json(values.event)}::jsonb, ${json(values.range)}::jsonb,
        ${values.parentRunId ?? null}::uuid, ${values.now}
      from place
      where sync_id is not null and active_version = ${values.version}
      on conflict (sync_id, (event->>'key')) where lane = 'webhook' do nothing
      returning *
    ), same as (
      select * from inserted
      union all
      select r.* from runs r join place on place.sync_id = r.sync_id
      where r.lane = 'webhook' and r.event->>'key' = ${key} and not exists (select from inserted)
    )
    select c.active_version, c.connection_id as place_connection_id, c.sync_id as place_sync_id,
      exists (select from inserted) as created, ${runColumns}
    from place c left join same r on true`.execute(database);
  const row = rows[0];
  return (
    row && {
      active_version: row.active_version,
      connection_id: row.place_connection_id,
      sync_id: row.place_sync_id,
      created: row.created,
      run: row.id === null ? null : row,
    }
  );
}
