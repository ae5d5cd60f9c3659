import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** A dataset as it stands while its row is locked. */
export interface LockedDataset {
  readonly id: number;
  /** The last position given out. */
  readonly position: number;
  readonly liveCount: number;
  readonly quarantinedCount: number;
}

/**
 * Locks a dataset until the transaction ends: whoever writes it waits here, so positions become visible in order and a
 * reader who follows them misses none. A statement of its own, so that those after it see what the one before committed.
 */
export async function lockDataset(transaction: Kysely<Schema>, datasetId: number): Promise<LockedDataset> {
  const { rows } = await sql<{ position: number; live_count: number; quarantined_count: number }>`
    select position, live_count, quarantined_count from datasets where id = ${datasetId}::bigint
    for no key update`.execute(transaction);
  const [row] = rows;
  return {
    id: datasetId,
    position: Number(row?.position ?? 0),
    liveCount: Number(row?.live_count ?? 0),
    quarantinedCount: row?.quarantined_count ?? 0,
  };
}
