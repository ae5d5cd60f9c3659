import type { Kysely } from 'kysely';
import type { UndoneRun } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import type { Schema } from '../../database/schema.ts';
import { lockDataset } from '../writing/queries/lock-dataset.ts';
import { findUndoableRun, type UndoableRun } from './queries/find-undoable-run.ts';
import { findWrittenDatasets } from './queries/find-written-datasets.ts';
import { insertUndoRun } from './queries/insert-undo-run.ts';
import { undoDataset, type UndoneDataset } from './queries/undo-dataset.ts';

export interface UndoContext {
  readonly database: Kysely<Schema>;
  /** Unix time in milliseconds. */
  now(): number;
  newRunId(): string;
  /** Whether what this replaces is kept, so that it can be undone itself. Default: true. */
  readonly keepHistory?: boolean;
}

/**
 * Takes back, in one transaction, what a run changed: what it added is deleted, what it changed or deleted is as it was
 * before. What a later run changed stays, and so does what it was before is no longer kept; both are counted. A run of
 * its own, which is over at once; readers of the feed meet its changes like any other's. The cursor stays where it is.
 * @throws TenonError `not_found`; `conflict` for an action, or a run that is not over
 */
export async function undoRun(
  context: UndoContext,
  { environmentId, runId }: { environmentId: number; runId: string },
): Promise<UndoneRun> {
  const now = new Date(context.now());
  const undoingRunId = context.newRunId();
  const { keepHistory = true } = context;
  return await context.database.transaction().execute(async (transaction) => {
    refuseImpossible(await findUndoableRun(transaction, { environmentId, runId }), runId);
    let total: UndoneDataset = { reverted: 0, revived: 0, deleted: 0, skipped: 0 };
    for (const datasetId of await findWrittenDatasets(transaction, runId)) {
      const { position: base } = await lockDataset(transaction, datasetId);
      const scope = { datasetId, runId: undoingRunId, undoneRunId: runId, now, keepHistory, base };
      const undone = await undoDataset(transaction, scope);
      total = {
        reverted: total.reverted + undone.reverted,
        revived: total.revived + undone.revived,
        deleted: total.deleted + undone.deleted,
        skipped: total.skipped + undone.skipped,
      };
    }
    const { reverted, revived, deleted, skipped } = total;
    const restored = reverted + revived;
    const counts = {
      read: restored,
      added: revived,
      updated: reverted,
      unchanged: 0,
      deleted,
      quarantined: 0,
      held: 0,
    };
    await insertUndoRun(transaction, { runId: undoingRunId, undoneRunId: runId, counts, now });
    return { runId: undoingRunId, restored, deleted, skipped };
  });
}

function refuseImpossible(run: UndoableRun | undefined, runId: string): void {
  if (!run) {
    throw new TenonError('not_found', `There is no run ${runId} in this environment.`, {
      hint: 'List the runs with `tenon runs`.',
    });
  }
  if (run.kind === 'action') {
    throw new TenonError('conflict', `The run ${runId} is of an action: it changed no records.`, {
      hint: 'Undo a run of a sync.',
    });
  }
  if (run.status === 'queued' || run.status === 'running') {
    throw new TenonError('conflict', `The run ${runId} is not over.`, {
      hint: 'Wait for its end, or cancel it first.',
    });
  }
}
