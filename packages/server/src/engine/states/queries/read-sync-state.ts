import { sql, type Kysely } from 'kysely';
import type { PartitionState } from '@tenon/runtime/execute';
import type { Schema } from '../../../database/schema.ts';
import type { StateOwner } from '../state-owner.ts';

/**
 * What a sync, or one of its partitions, remembers, for a run. A run of an earlier epoch, whose sync a deployment let
 * read again since, finds nothing; neither does one that asks for the progress of another run.
 */
export async function readSyncState(
  database: Kysely<Schema>,
  { syncId, cursorEpoch, scope, runId }: StateOwner,
  partition: string,
): Promise<PartitionState> {
  const { rows } = await sql<{
    cursor: string | number | null;
    checkpoint: unknown;
    progress: Record<string, unknown> | null;
  }>`
    select t.cursor, t.checkpoint, case when t.progress_run_id = ${runId} then t.progress end as progress
    from sync_states t join syncs s on s.id = t.sync_id
    where t.sync_id = ${syncId} and t.scope = ${scope} and t.partition = ${partition}
      and s.cursor_epoch = ${cursorEpoch}`.execute(database);
  const row = rows[0];
  if (!row) return {};
  return {
    ...(row.cursor !== null && { cursor: row.cursor }),
    ...(row.checkpoint !== null && { checkpoint: row.checkpoint }),
    ...(row.progress !== null && { progress: row.progress }),
  };
}
