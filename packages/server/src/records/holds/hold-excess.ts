import { sql, type Kysely } from 'kysely';
import type { Airbag } from '@tenon/runtime/contract';
import type { Schema } from '../../database/schema.ts';
import { encodeTextArray } from '../writing/array-parameters.ts';
import type { LockedDataset } from '../writing/queries/lock-dataset.ts';
import { exceedsAirbag } from './exceeds-airbag.ts';
import { holdDeletions } from './queries/hold-deletions.ts';
import { readRunDeletions } from './queries/read-run-deletions.ts';

/**
 * Holds deletions of a page when the run's would be too many with them, and all that come after.
 * @param options.ids live records of the locked dataset
 * @returns how many are held that were not before; undefined: they may be deleted
 */
export async function holdExcess(
  transaction: Kysely<Schema>,
  options: {
    airbag: Airbag | null;
    run: { readonly id: string };
    syncId: number;
    dataset: LockedDataset;
    ids: readonly string[];
    now: Date;
  },
): Promise<number | undefined> {
  const { airbag, run, syncId, dataset, ids, now } = options;
  if (airbag === null) return undefined;
  const { deleted, hasHold } = await readRunDeletions(transaction, { runId: run.id, datasetId: dataset.id });
  const live = dataset.liveCount + deleted;
  if (!hasHold && !exceedsAirbag(airbag, { deletions: deleted + ids.length, live })) return undefined;
  const gone = sql`(select unnest(${encodeTextArray(ids)}::text[]) as external_id)`;
  return await holdDeletions(transaction, { runId: run.id, syncId, dataset, gone, now });
}
