import { sql } from 'kysely';
import { pruneBatch } from '../../records/prune/prune-batch.ts';
import type { RetentionRule } from '../retention-rule.ts';

/**
 * Records that are marked as deleted, one dataset at a time. Readers of the feed who have not met those deletions by
 * then are told to start over.
 */
export const removeDeletedRecords: RetentionRule['removeBatch'] = async (database, { before, limit }) => {
  const { rows } = await sql<{ id: number }>`
    select id from datasets where exists (
      select from records
      where dataset_id = datasets.id and deleted_at is not null and deleted_at < ${before}::timestamptz
    ) limit ${limit}::int`.execute(database);
  let removed = 0;
  for (const { id } of rows) {
    if (removed >= limit) break;
    removed += await pruneBatch(database, {
      datasetId: id,
      deletedBefore: before.toISOString(),
      limit: limit - removed,
    });
  }
  return removed;
};
