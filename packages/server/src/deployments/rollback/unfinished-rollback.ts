import type { Kysely } from 'kysely';
import { TenonError } from '@tenon/runtime/errors';
import type { Schema } from '../../database/schema.ts';
import type { DataRollbackCounts } from '../../database/tables/environment-tables.ts';

export interface UnfinishedRollback {
  readonly id: number;
  readonly activationId: number;
  readonly toVersion: number;
  /** Datasets up to here are done. */
  readonly doneDatasetId: number;
  readonly counts: DataRollbackCounts;
}

/** The one of an environment that was begun and is not over: it goes on just now, or its process was killed. */
export async function findUnfinishedRollback(
  database: Kysely<Schema>,
  environmentId: number,
): Promise<UnfinishedRollback | undefined> {
  const row = await database
    .selectFrom('data_rollbacks')
    .select(['id', 'activation_id', 'to_version', 'done_dataset_id', 'counts'])
    .where('environment_id', '=', environmentId)
    .where('finished_at', 'is', null)
    .executeTakeFirst();
  return (
    row && {
      id: Number(row.id),
      activationId: Number(row.activation_id),
      toVersion: row.to_version,
      doneDatasetId: Number(row.done_dataset_id),
      counts: row.counts,
    }
  );
}

/** @throws TenonError `conflict` while the records of the environment are taken back */
export async function refuseWhileRollingBack(database: Kysely<Schema>, environmentId: number): Promise<void> {
  const unfinished = await findUnfinishedRollback(database, environmentId);
  if (!unfinished) return;
  throw new TenonError('conflict', `Records are being taken back to before version ${unfinished.toVersion} was left.`, {
    hint: `Wait until that is over; \`tenon rollback ${unfinished.toVersion} --data\` goes on with it if it was interrupted.`,
  });
}
