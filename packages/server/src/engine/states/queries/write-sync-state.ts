import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';
import { toJsonbText } from '../../../database/to-jsonb-text.ts';
import type { StateOwner } from '../state-owner.ts';

/** What a page moves; what is undefined stays as it is, `progress: null` is forgotten. */
export interface StateChange {
  readonly partition: string;
  /** null: from the beginning. */
  readonly cursor?: string | number | null | undefined;
  readonly checkpoint?: unknown;
  readonly progress?: Record<string, unknown> | null | undefined;
}

/**
 * Moves what a sync or a partition remembers, in the transaction of the page that proves it, unless a deployment has let
 * the sync read again since the run was queued.
 */
export async function writeSyncState(
  database: Kysely<Schema>,
  { syncId, cursorEpoch, scope, runId }: StateOwner,
  change: StateChange,
): Promise<void> {
  const { partition, cursor, checkpoint, progress } = change;
  const json = (value: unknown) => (value === undefined || value === null ? null : toJsonbText(value));
  await sql`
    insert into sync_states (sync_id, scope, partition, cursor, checkpoint, progress, progress_run_id)
    select id, ${scope}, ${partition}, ${json(cursor)}::jsonb, ${json(checkpoint)}::jsonb, ${json(progress)}::jsonb,
      ${progress ? runId : null}::uuid
    from syncs where id = ${syncId} and cursor_epoch = ${cursorEpoch}
    on conflict (sync_id, scope, partition) do update
    set cursor = ${cursor === undefined ? sql`sync_states.cursor` : sql`excluded.cursor`},
      checkpoint = ${checkpoint === undefined ? sql`sync_states.checkpoint` : sql`excluded.checkpoint`},
      progress = ${progress === undefined ? sql`sync_states.progress` : sql`excluded.progress`},
      progress_run_id = ${progress === undefined ? sql`sync_states.progress_run_id` : sql`excluded.progress_run_id`},
      updated_at = now()`.execute(database);
}
