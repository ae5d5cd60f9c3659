import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';
import { lockDataset } from '../writing/queries/lock-dataset.ts';
import { quarantinedMissing } from './list-quarantine.ts';
import { correctQuarantinedCount } from './queries/correct-quarantined-count.ts';
import { selectQuarantined } from './queries/select-quarantined.ts';

/**
 * Drops a quarantined record for good, instead of replaying it.
 * @throws TenonError `not_found`
 */
export async function deleteQuarantined(
  database: Kysely<Schema>,
  { environmentId, id }: { environmentId: number; id: number },
): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    const [row] = await selectQuarantined(transaction, { environmentId, id, limit: 1 });
    if (!row) throw quarantinedMissing(id);
    // As whoever writes records does: the dataset first.
    await lockDataset(transaction, row.dataset_id);
    const { numDeletedRows } = await transaction.deleteFrom('quarantine').where('id', '=', id).executeTakeFirst();
    if (numDeletedRows === 0n) throw quarantinedMissing(id);
    await correctQuarantinedCount(transaction, row.dataset_id, -1);
  });
}
