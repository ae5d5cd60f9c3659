import { sql, type Kysely } from 'kysely';
import { flushedLater } from '../../../database/flushed-later.ts';
import type { Schema } from '../../../database/schema.ts';
import { runColumns, type RunRow } from '../run-row.ts';

/** A run that this process owns now, with what its connection gives to it. */
export interface ClaimedRun extends RunRow {
  readonly config: Record<string, string>;
  readonly metadata: Record<string, unknown>;
  readonly settings: Record<string, unknown>;
  readonly generation: number;
  readonly cursor_epoch: number;
}

/**
 * Takes a queued run. Whoever comes second, because a job was delivered twice, gets nothing. A claim that is lost in a
 * crash leaves the run queued, and what it does from here on is flushed with its pages and its end.
 */
export async function claimRun(
  database: Kysely<Schema>,
  values: { runId: string; owner: string; now: Date },
): Promise<ClaimedRun | undefined> {
  const { rows } = await sql<ClaimedRun>`
    with claimed as (
      update runs
      set status = 'running', owner = ${values.owner}, heartbeat_at = now(),
        started_at = coalesce(started_at, ${values.now})
      where id = ${values.runId} and status = 'queued'
      returning *
    )
    select ${runColumns}, c.config, c.metadata, c.settings, r.cursor_epoch, r.generation
    from claimed r
    join connections c on c.id = r.connection_id
    where ${flushedLater}`.execute(database);
  return rows[0];
}
