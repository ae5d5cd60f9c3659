import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';
import { takeBackWrites, type TakenBack } from '../../../records/undo/queries/take-back-writes.ts';
import type { WriteScope } from '../../../records/writing/write-scope.ts';
import { changedSince } from './changed-since.ts';

/**
 * Makes the records of a locked dataset what they were when its feed stood at `position`. Done again it finds nothing to
 * do.
 * @param scope.base where the feed stands now
 */
export async function restoreDataset(
  transaction: Kysely<Schema>,
  scope: WriteScope & { base: number; position: number },
): Promise<TakenBack> {
  const { datasetId, position } = scope;
  const place = sql`(select ${datasetId}::bigint as dataset_id, ${position}::bigint as position)`;
  const { rows } = await sql<TakenBack>`
    with judged as materialized (${changedSince(place)}), ${takeBackWrites(scope)}
    select reverted, revived, deleted from counted`.execute(transaction);
  return rows[0] ?? { reverted: 0, revived: 0, deleted: 0 };
}
