import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';
import { removeRecords } from '../writing/queries/remove-records.ts';
import { heldRecords } from './queries/held-records.ts';
import { settleHold } from './queries/settle-hold.ts';
import { takeHold } from './take-hold.ts';

export interface ApprovedHold {
  /** Less than the hold holds when some changed, or were deleted, since. */
  readonly deleted: number;
}

/**
 * Deletes the records of a hold that did not change since, and puts that down to the run that would have: to undo the
 * run is to undo this.
 * @throws TenonError `not_found`; `conflict` when it was decided before
 */
export async function approveHold(
  { keepHistory }: { readonly keepHistory: boolean },
  transaction: Kysely<Schema>,
  { now, ...given }: { environmentId: number; id: number; now: Date },
): Promise<ApprovedHold> {
  const { hold, dataset } = await takeHold(transaction, given);
  const observedMs = hold.created_at.getTime();
  const { deleted } = await removeRecords(transaction, {
    datasetId: dataset.id,
    runId: hold.run_id,
    now,
    keepHistory,
    base: dataset.position,
    gone: heldRecords({ holdId: hold.id, datasetId: dataset.id, observedMs }),
    observedMs,
  });
  await settleHold(transaction, { id: hold.id, status: 'approved', now });
  return { deleted };
}
