import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/**
 * What a run, in all its attempts, deleted in a dataset so far, and whether deletions of it wait for approval already.
 * Read from what its pages committed, so that the airbag's count neither starts over when another process takes the run
 * over, nor keeps a page that was rolled back.
 */
export async function readRunDeletions(
  transaction: Kysely<Schema>,
  options: { runId: string; datasetId: number },
): Promise<{ deleted: number; hasHold: boolean }> {
  const { runId, datasetId } = options;
  const { rows } = await sql<{ deleted: number; has_hold: boolean }>`
    select coalesce(sum(deleted), 0)::int as deleted,
      exists (select from holds where run_id = ${runId}::uuid and dataset_id = ${datasetId}::bigint) as has_hold
    from run_writes where run_id = ${runId}::uuid and dataset_id = ${datasetId}::bigint`.execute(transaction);
  return { deleted: rows[0]?.deleted ?? 0, hasHold: rows[0]?.has_hold ?? false };
}
