import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

export interface NextRun {
  readonly syncId: number | string;
  /** The first tick that is not accounted for; null: never again. */
  readonly nextRunAt: Date | null;
  /** The run that was queued; undefined: none. */
  readonly runId?: string | undefined;
}

/** Moves syncs on. */
export async function setNextRuns(database: Kysely<Schema>, syncs: readonly NextRun[]): Promise<void> {
  if (syncs.length === 0) return;
  await sql`
    update syncs set next_run_at = d.next_run_at, last_run_id = coalesce(d.run_id, last_run_id)
    from unnest(
      ${syncs.map(({ syncId }) => syncId)}::bigint[], ${syncs.map(({ nextRunAt }) => nextRunAt)}::timestamptz[],
      ${syncs.map(({ runId }) => runId ?? null)}::uuid[]
    ) as d (sync_id, next_run_at, run_id)
    where syncs.id = d.sync_id`.execute(database);
}
