import { sql, type Kysely } from 'kysely';
import type { BackfillRange, Run } from '@tenon/runtime/contract';
import { flushedLater } from '../../../database/flushed-later.ts';
import type { Schema } from '../../../database/schema.ts';
import { noCounts, runColumns, type RunRow } from '../run-row.ts';

/**
 * Queues a run of a sync that the caller has locked. The engine's job, which is inserted next, is flushed before the
 * caller has an answer, and this with it.
 */
export async function insertTriggeredRun(
  database: Kysely<Schema>,
  values: {
    runId: string;
    syncId: number | string;
    trigger: Run['trigger'];
    version: number;
    /** Default `live`. */
    lane?: 'live' | 'backfill';
    range?: BackfillRange;
    sideBySide?: boolean;
    /** For the running one to end. */
    waits?: boolean;
    now: Date;
  },
): Promise<RunRow> {
  const lane = values.lane ?? 'live';
  const range = values.range === undefined ? null : JSON.stringify(values.range);
  const { rows } = await sql<RunRow>`
    with inserted as (
      insert into runs
        (id, environment_id, connection_id, sync_id, kind, integration, function, version, trigger, cursor_epoch, due_at,
         lane, side_by_side, waits_for, range, counts, created_at)
      select ${values.runId}::uuid, environment_id, connection_id, id, 'sync', integration, sync, ${values.version}::int,
        ${values.trigger}, cursor_epoch, ${values.now}, ${lane}, ${values.sideBySide ?? false},
        ${values.waits ? 'earlier_run' : null}, ${range}::jsonb, ${JSON.stringify(noCounts)}::jsonb, ${values.now}
      from syncs where id = ${values.syncId}
      returning *
    ), remembered as (
      update syncs set last_run_id = inserted.id from inserted where syncs.id = inserted.sync_id and ${lane} = 'live'
    )
    select ${runColumns} from inserted r join connections c on c.id = r.connection_id
    where ${flushedLater}`.execute(database);
  const [row] = rows;
  if (row) return row;
  throw new Error(`The sync ${values.syncId} is gone, although it was locked.`);
}
