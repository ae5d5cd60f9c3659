import { sql, type Kysely } from 'kysely';
import type { RunError } from '@tenon/runtime/contract';
import type { Schema } from '../../../database/schema.ts';

export interface SyncStateRow {
  readonly partition: string;
  readonly cursor: string | number | null;
  readonly checkpoint: unknown;
  readonly failed_at: Date | null;
  readonly error: RunError | null;
  readonly updated_at: Date;
}

/** What a live sync remembers, of itself first, then by partition; `after` is the last partition of the page before. */
export async function selectSyncStates(
  database: Kysely<Schema>,
  options: { syncId: number | string; after: string | undefined; limit: number },
): Promise<SyncStateRow[]> {
  const { syncId, after, limit } = options;
  const { rows } = await sql<SyncStateRow>`
    select partition, cursor, checkpoint, failed_at, error, updated_at from sync_states
    where sync_id = ${syncId} and scope = 'live' ${after === undefined ? sql`` : sql`and partition > ${after}`}
    order by partition limit ${limit}`.execute(database);
  return rows;
}
