import type { Kysely } from 'kysely';
import type { PruneRecords } from '@tenon/runtime/contract';
import type { Schema } from '../../database/schema.ts';
import { pruneBatch } from './prune-batch.ts';

/** A transaction each, so that a sync that writes the dataset waits for one of them at most. */
const batchRecords = 2_000;

/**
 * Removes records of a dataset for good, with their history. Readers of the feed who stand before a removed one start
 * over.
 * @returns how many were removed
 */
export async function pruneRecords(
  database: Kysely<Schema>,
  options: PruneRecords & { datasetId: number; signal?: AbortSignal },
): Promise<number> {
  const { signal, ...batch } = options;
  let pruned = 0;
  for (let removed = batchRecords; removed === batchRecords;) {
    signal?.throwIfAborted();
    removed = await pruneBatch(database, { ...batch, limit: batchRecords });
    pruned += removed;
  }
  return pruned;
}
