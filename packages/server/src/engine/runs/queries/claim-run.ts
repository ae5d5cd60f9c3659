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
  /** It runs in a preview that changes nothing at providers. */
  readonly blocks_writes: boolean;
  /** Whose calls are counted together: a preview's with those of its parent, a borrowed connection's with its lender's. */
  readonly budget_environment_id: number;
  readonly budget_connection_id: number | string;
}

/** Of a connection `c`, or of the one that lends it its credentials. */
export const lentConfig = sql`coalesce((select l.config from connections l where l.id = c.lender_id), c.config)`;

/** What a preview, `e`, and its connection, `c`, have of their parent, and what they may do. */
export const previewColumns = sql`not e.allows_writes as blocks_writes,
  coalesce(e.parent_id, e.id) as budget_environment_id, coalesce(c.lender_id, c.id) as budget_connection_id`;

/** What a claim reads of the run `r`, its connection `c` and its environment `e`. */
export const claimColumns = sql`${runColumns}, ${lentConfig} as config, c.metadata, c.settings, r.cursor_epoch,
  r.generation, r.retries, r.event, r.range, ${previewColumns}`;

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
    join connections c on c.id = r.connection_id join environments e on e.id = r.environment_id
    where ${flushedLater}`.execute(database);
  return rows[0];
}
