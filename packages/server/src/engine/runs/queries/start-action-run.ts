import { sql, type Kysely } from 'kysely';
import type { Run } from '@tenon/runtime/contract';
import { flushedLater } from '../../../database/flushed-later.ts';
import type { Schema } from '../../../database/schema.ts';
import { noCounts, runColumns } from '../run-row.ts';
import { lentConfig, previewColumns, type ClaimedRun } from './claim-run.ts';

export interface StartedAction {
  readonly active_version: number;
  /** null: the environment has no such connection. */
  readonly connection_id: number | string | null;
  /** null: not inserted, because the connection is missing or another version is active. */
  readonly run: ClaimedRun | null;
}

/**
 * Inserts the run of an action as running already: it is executed here and now, and never queued. Its end is flushed
 * before the caller has an answer, and this with it.
 */
export async function startActionRun(
  database: Kysely<Schema>,
  values: {
    runId: string;
    environmentId: number;
    integration: string;
    connection: string;
    action: string;
    trigger: Run['trigger'];
    /** The run whose script calls it. */
    parentRunId: string | undefined;
    version: number;
    owner: string;
    now: Date;
  },
): Promise<StartedAction | undefined> {
  const { rows } = await sql<
    {
      active_version: number;
      place_connection_id: number | string | null;
    } & (ClaimedRun | { id: null })
  >`
    with place as (
      select e.id as environment_id, e.active_version, c.id as connection_id, c.name, ${lentConfig} as config, c.metadata,
        c.settings, ${previewColumns}
      from environments e
      left join connections c
        on c.environment_id = e.id and c.integration = ${values.integration} and c.name = ${values.connection}
      where e.id = ${values.environmentId}
    ), inserted as (
      insert into runs
        (id, environment_id, connection_id, kind, integration, function, version, trigger, status, owner, heartbeat_at,
         due_at, counts, created_at, started_at, parent_run_id)
      select ${values.runId}::uuid, environment_id, connection_id, 'action', ${values.integration}, ${values.action},
        active_version, ${values.trigger}, 'running', ${values.owner}, now(), ${values.now},
        ${JSON.stringify(noCounts)}::jsonb, ${values.now}, ${values.now}, ${values.parentRunId ?? null}::uuid
      from place
      where connection_id is not null and active_version = ${values.version}
      returning *
    )
    select c.active_version, c.connection_id as place_connection_id, ${runColumns}, c.config, c.metadata, c.settings,
      c.blocks_writes, c.budget_environment_id, c.budget_connection_id, 0 as cursor_epoch, 1 as generation, 0 as retries, null as event, null as range
    from place c left join inserted r on true
    where ${flushedLater}`.execute(database);
  const row = rows[0];
  return (
    row && {
      active_version: row.active_version,
      connection_id: row.place_connection_id,
      run: row.id === null ? null : row,
    }
  );
}
