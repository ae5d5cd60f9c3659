import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';
import { holdExcess } from '../holds/hold-excess.ts';
import { encodeTextArray } from './array-parameters.ts';
import type { CommitPageOptions } from './commit-page.ts';
import { findRemovable } from './queries/find-removable.ts';
import type { LockedDataset } from './queries/lock-dataset.ts';
import { removeRecords } from './queries/remove-records.ts';
import type { WriteScope } from './write-scope.ts';

/** Deletes what a page names, unless it was observed after the deletion, or the airbag holds it. */
export async function removeGiven(
  transaction: Kysely<Schema>,
  { page, ...options }: CommitPageOptions,
  { scope, dataset }: { scope: WriteScope; dataset: LockedDataset },
): Promise<{ deleted: number; held: number }> {
  if (page.deletedIds.length === 0) return { deleted: 0, held: 0 };
  const observedMs = page.deletedObservedMs;
  const ids = await findRemovable(transaction, { datasetId: dataset.id, ids: page.deletedIds, observedMs });
  if (ids.length === 0) return { deleted: 0, held: 0 };
  const held = await holdExcess(transaction, { ...options, dataset, ids });
  if (held !== undefined) return { deleted: 0, held };
  const gone = sql`(
    select * from unnest(${encodeTextArray(ids)}::text[]) with ordinality as named (external_id, place))`;
  const { deleted } = await removeRecords(transaction, { ...scope, base: dataset.position, gone, observedMs });
  return { deleted, held: 0 };
}
