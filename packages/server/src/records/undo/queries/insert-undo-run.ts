import { sql, type Kysely } from 'kysely';
import type { RunCounts } from '@tenon/runtime/contract';
import type { Schema } from '../../../database/schema.ts';

/** Notes the undoing of a run as a run of the same function, which is over. */
export async function insertUndoRun(
  transaction: Kysely<Schema>,
  values: { runId: string; undoneRunId: string; counts: RunCounts; now: Date },
): Promise<void> {
  const { runId, undoneRunId, counts, now } = values;
  await sql`
    insert into runs (id, environment_id, connection_id, sync_id, kind, integration, function, version, trigger, status,
      counts, parent_run_id, cursor_epoch, due_at, created_at, started_at, finished_at)
    select ${runId}::uuid, environment_id, connection_id, sync_id, kind, integration, function, version, 'undo',
      'succeeded', ${JSON.stringify(counts)}::jsonb, id, cursor_epoch, ${now}::timestamptz, ${now}::timestamptz,
      ${now}::timestamptz, ${now}::timestamptz
    from runs where id = ${undoneRunId}::uuid`.execute(transaction);
}
