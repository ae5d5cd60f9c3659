import type { Kysely } from 'kysely';
import { TenonError } from '@tenon/runtime/errors';
import type { Schema } from '../../database/schema.ts';
import { lockDataset, type LockedDataset } from '../writing/queries/lock-dataset.ts';
import { findHold } from './queries/find-hold.ts';
import { lockHold, type LockedHold } from './queries/lock-hold.ts';

/**
 * Locks a pending hold and its dataset, in the order in which pages lock them: of two who decide about it at the same
 * time, the second finds it decided.
 * @throws TenonError `not_found`; `conflict` when it was decided before
 */
export async function takeHold(
  transaction: Kysely<Schema>,
  { environmentId, id }: { environmentId: number; id: number },
): Promise<{ hold: LockedHold; dataset: LockedDataset }> {
  const datasetId = await findHold(transaction, { environmentId, id });
  const dataset = datasetId === undefined ? undefined : await lockDataset(transaction, datasetId);
  const hold = dataset && (await lockHold(transaction, id));
  if (!dataset || !hold) {
    throw new TenonError('not_found', `There is no hold ${id} in this environment.`, {
      hint: 'List them with `tenon records holds`.',
    });
  }
  if (hold.status !== 'pending') {
    throw new TenonError('conflict', `The hold ${id} waits no longer: it was ${hold.status}.`, {
      hint: 'List those that wait with `tenon records holds --status pending`.',
    });
  }
  return { hold, dataset };
}
