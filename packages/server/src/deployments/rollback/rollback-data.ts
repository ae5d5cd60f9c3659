import { sql, type Transaction } from 'kysely';
import { TenonError } from '@tenon/runtime/errors';
import type { Manifest } from '@tenon/runtime/contract';
import type { Schema } from '../../database/schema.ts';
import type { DataRollbackCounts } from '../../database/tables/environment-tables.ts';
import { notifyQueued } from '../../engine/runs/queries/notify-queued.ts';
import { notifySchedules } from '../../engine/schedules/queries/notify-schedules.ts';
import { lockDataset } from '../../records/writing/queries/lock-dataset.ts';
import { insertUndoRun } from '../../records/undo/queries/insert-undo-run.ts';
import type { UndoContext } from '../../records/undo/undo-run.ts';
import { activateVersion } from '../activate-version.ts';
import { findManifest } from '../../database/queries/find-manifest.ts';
import { planDeployment } from '../plan/plan-deployment.ts';
import { refuseStale } from '../refuse-stale.ts';
import { lockEnvironment } from '../storage/lock-environment.ts';
import { versionMissing } from '../version-missing.ts';
import { planDataRollback } from './plan-data-rollback.ts';
import { findLastWriter } from './queries/find-last-writer.ts';
import { findNextDataset } from './queries/find-next-dataset.ts';
import { forgetFindings } from './queries/forget-findings.ts';
import { restoreDataset } from './queries/restore-dataset.ts';
import { restoreStates } from './queries/restore-states.ts';
import { stopRuns } from './queries/stop-runs.ts';
import { findUnfinishedRollback, type UnfinishedRollback } from './unfinished-rollback.ts';

export type RollbackContext = Required<UndoContext>;

/**
 * Takes an environment back to a version, with its records and cursors. One transaction makes the version active, ends
 * the runs, puts the cursors back and notes that this is under way: from then on no sync of the environment begins.
 * Then each dataset is taken back in a transaction of its own, which also notes how far this came. Interrupted anywhere,
 * it goes on there when it is asked for again, or when a server starts.
 * @throws TenonError `not_found`, `plan_stale`, `history_pruned`; `conflict` while another one is under way
 */
export async function rollbackData(
  context: RollbackContext,
  options: { environmentId: number; version: number; baseVersion: number },
): Promise<DataRollbackCounts> {
  await context.database.transaction().execute((transaction) => begin(context, transaction, options));
  return finishRollback(context, options.environmentId);
}

/** Goes on with the rollback of an environment that was begun. Several processes may: each dataset is done once. */
export async function finishRollback(context: RollbackContext, environmentId: number): Promise<DataRollbackCounts> {
  for (;;) {
    const step = await context.database
      .transaction()
      .execute((transaction) => takeStep(context, transaction, environmentId));
    if (step.isOver) return step.counts;
  }
}

async function begin(
  context: RollbackContext,
  transaction: Transaction<Schema>,
  options: { environmentId: number; version: number; baseVersion: number },
): Promise<void> {
  const { environmentId, version, baseVersion } = options;
  const active = await lockEnvironment(transaction, environmentId);
  const unfinished = await findUnfinishedRollback(transaction, environmentId);
  if (unfinished?.toVersion === version) return;
  if (unfinished) throw new TenonError('conflict', `Records are being taken back to version ${unfinished.toVersion}.`);
  await refuseStale(transaction, { environmentId, baseVersion, active });
  const manifest = await findManifest(transaction, { environmentId, version });
  if (!manifest) throw versionMissing(version);
  if (active === version) throw new TenonError('conflict', `Version ${version} is the active one.`);
  // Nobody inserts a run of a sync meanwhile, and no run ends.
  await sql`select id from syncs where environment_id = ${environmentId} order by id for no key update`.execute(
    transaction,
  );
  const planned = await planDataRollback({ ...context, database: transaction }, { environmentId, version });
  if (planned.refused !== null || planned.activationId === undefined) throw historyPruned(planned.refused ?? '');
  await activate(transaction, { environmentId, version, active, manifest });
  const { activationId } = planned;
  const now = new Date(context.now());
  const cursorsRestored = await restoreStates(transaction, { environmentId, activationId });
  const runsCancelled = await stopRuns(transaction, { environmentId, version, now });
  await forgetFindings(transaction, { environmentId, since: new Date(planned.since), now });
  const counts: DataRollbackCounts = { recordsRestored: 0, recordsDeleted: 0, cursorsRestored, runsCancelled };
  await transaction
    .insertInto('data_rollbacks')
    .values({
      environment_id: environmentId,
      activation_id: activationId,
      from_version: active,
      to_version: version,
      counts: JSON.stringify(counts),
      finished_at: null,
    })
    .execute();
}

async function activate(
  transaction: Transaction<Schema>,
  options: { environmentId: number; version: number; active: number; manifest: Manifest },
): Promise<void> {
  const { environmentId, version, active, manifest } = options;
  const before = (await findManifest(transaction, { environmentId, version: active })) ?? null;
  const plan = planDeployment(before, manifest);
  await activateVersion(transaction, { environmentId, version, previousVersion: active, manifest, plan });
}

export function historyPruned(reason: string): TenonError {
  return new TenonError('history_pruned', reason, {
    hint: 'Roll back the code alone (without --data) and let the syncs read again, or take single runs back with `tenon runs undo`.',
  });
}

interface Step {
  readonly isOver: boolean;
  readonly counts: DataRollbackCounts;
}

async function takeStep(
  context: RollbackContext,
  transaction: Transaction<Schema>,
  environmentId: number,
): Promise<Step> {
  await lockEnvironment(transaction, environmentId);
  const rollback = await findUnfinishedRollback(transaction, environmentId);
  if (!rollback) return { isOver: true, counts: await readLastCounts(transaction, environmentId) };
  const { activationId, doneDatasetId, counts, id } = rollback;
  const next = await findNextDataset(transaction, { environmentId, activationId, after: doneDatasetId });
  if (!next) {
    await transaction
      .updateTable('data_rollbacks')
      .set({ finished_at: new Date(context.now()) })
      .where('id', '=', id)
      .execute();
    await notifySchedules(transaction);
    await notifyQueued(transaction);
    return { isOver: true, counts };
  }
  const done = await restoreOne(context, transaction, { ...next, counts });
  await transaction
    .updateTable('data_rollbacks')
    .set({ done_dataset_id: next.datasetId, counts: JSON.stringify(done) })
    .where('id', '=', id)
    .execute();
  return { isOver: false, counts: done };
}

async function restoreOne(
  context: RollbackContext,
  transaction: Transaction<Schema>,
  { datasetId, position, counts }: { datasetId: number; position: number; counts: UnfinishedRollback['counts'] },
): Promise<DataRollbackCounts> {
  const now = new Date(context.now());
  const runId = context.newRunId();
  const undoneRunId = await findLastWriter(transaction, datasetId);
  const { position: base } = await lockDataset(transaction, datasetId);
  const scope = { datasetId, runId, now, keepHistory: context.keepHistory, base, position };
  const { reverted, revived, deleted } = await restoreDataset(transaction, scope);
  const restored = reverted + revived;
  if (undoneRunId !== undefined && restored + deleted > 0) {
    const changed = {
      read: restored,
      added: revived,
      updated: reverted,
      unchanged: 0,
      deleted,
      quarantined: 0,
      held: 0,
    };
    await insertUndoRun(transaction, { runId, undoneRunId, counts: changed, now });
  }
  return {
    ...counts,
    recordsRestored: counts.recordsRestored + restored,
    recordsDeleted: counts.recordsDeleted + deleted,
  };
}

/** Another process finished it. */
async function readLastCounts(transaction: Transaction<Schema>, environmentId: number): Promise<DataRollbackCounts> {
  const row = await transaction
    .selectFrom('data_rollbacks')
    .select('counts')
    .where('environment_id', '=', environmentId)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.counts ?? { recordsRestored: 0, recordsDeleted: 0, cursorsRestored: 0, runsCancelled: 0 };
}
