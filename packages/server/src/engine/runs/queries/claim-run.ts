import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { BackfillRange } from '@tenon/runtime/contract';
import { flushedLater } from '../../../database/flushed-later.ts';
import type { Schema } from '../../../database/schema.ts';
import type { ForwardedEvent } from '../../../database/tables/run-tables.ts';
import { runColumns, type RunRow } from '../run-row.ts';
import { mayBegin } from './may-begin.ts';

/** A run that this process owns now, with what its connection gives to it. */
export interface ClaimedRun extends RunRow {
  readonly config: Record<string, string>;
  readonly metadata: Record<string, unknown>;
  readonly settings: Record<string, unknown>;
  readonly generation: number;
  readonly cursor_epoch: number;
  readonly retries: number;
  readonly event: ForwardedEvent | null;
  readonly range: BackfillRange | null;
}

/** What a claim reads of the run `r` and its connection `c`. */
export const claimColumns = sql`${runColumns}, c.config, c.metadata, c.settings, r.cursor_epoch, r.generation, r.retries,
  r.event, r.range`;

/** What a claim writes. */
export function claimValues({ owner, now }: { owner: string; now: Date }): RawBuilder<unknown> {
  return sql`status = 'running', owner = ${owner}, heartbeat_at = now(), waits_for = null, not_before = null,
    started_at = coalesce(started_at, ${now})`;
}

/**
 * Takes a queued run that may begin, unless its environment limits concurrency (see claim-within-limits.ts). Whoever
 * comes second, because a job was delivered twice, gets nothing. A claim that is lost in a crash leaves the run queued,
 * and what it does from here on is flushed with its pages and its end.
 */
export async function claimRun(
  database: Kysely<Schema>,
  values: { runId: string; owner: string; now: Date },
): Promise<ClaimedRun | undefined> {
  const { rows } = await sql<ClaimedRun>`
    with claimed as (
      update runs r set ${claimValues(values)}
      from environments e
      where r.id = ${values.runId} and r.status = 'queued' and e.id = r.environment_id and e.limits is null
        and ${mayBegin(values.now)}
      returning r.*
    )
    select ${claimColumns}
    from claimed r
    join connections c on c.id = r.connection_id
    where ${flushedLater}`.execute(database);
  return rows[0];
}
