import { sql, type Kysely } from 'kysely';
import type { SyncManifest } from '@tenon/runtime/contract';
import type { Schema } from '../../database/schema.ts';
import { exceedsAirbag } from '../holds/exceeds-airbag.ts';
import { holdDeletions } from '../holds/queries/hold-deletions.ts';
import { supersedeHolds } from '../holds/queries/supersede-holds.ts';
import type { RunOfPage } from '../writing/commit-page.ts';
import { lockDataset } from '../writing/queries/lock-dataset.ts';
import { removeRecords } from '../writing/queries/remove-records.ts';
import { countUnseen } from './queries/count-unseen.ts';
import { findUnseen } from './queries/find-unseen.ts';
import { forgetSightings } from './queries/forget-sightings.ts';
import { lockRunningSync } from './queries/lock-running-sync.ts';
import { readSightings } from './queries/read-sightings.ts';

export interface AbsenceOptions {
  readonly run: RunOfPage;
  readonly syncId: number;
  /** Of all models of the sync. */
  readonly datasets: readonly number[];
  readonly sync: Pick<SyncManifest, 'deletes' | 'airbag'>;
  /** Whether the run read all there is: it succeeded, no partition of it failed, it was no backfill, event or replay. */
  readonly isComplete: boolean;
  readonly now: Date;
}

/** What the end of a run deleted and held, beside what its pages did. */
export interface SettledAbsence {
  readonly deleted: number;
  readonly held: number;
}

/**
 * Ends a run's work on the records, within the transaction that ends the run. What a complete enumeration did not see is
 * deleted, or held where that is too much; a run that is not complete deletes nothing. The sync is locked first, then the datasets
 * in the order of their ids; the run's own row is the caller's to change last, because whoever holds it holds up the
 * heartbeats of all runs of the server.
 */
export async function settleAbsence(
  context: { readonly keepHistory: boolean },
  transaction: Kysely<Schema>,
  options: AbsenceOptions,
): Promise<SettledAbsence> {
  const { run, syncId, sync, isComplete, now } = options;
  if (sync.deletes !== 'absence') return { deleted: 0, held: 0 };
  if (!(await lockRunningSync(transaction, { runId: run.id, syncId }))) return { deleted: 0, held: 0 };
  const datasets = [...options.datasets].sort((one, other) => one - other);
  let deleted = 0;
  let held = 0;
  for (const datasetId of isComplete ? datasets : []) {
    const ended = await endEnumeration(context, transaction, { ...options, datasetId });
    deleted += ended.deleted;
    held += ended.held;
  }
  if (isComplete) await supersedeHolds(transaction, { syncId, runId: run.id, datasets, now });
  await forgetSightings(transaction, run.id);
  return { deleted, held };
}

async function endEnumeration(
  { keepHistory }: { readonly keepHistory: boolean },
  transaction: Kysely<Schema>,
  { run, syncId, sync, datasetId, now }: AbsenceOptions & { datasetId: number },
): Promise<SettledAbsence> {
  const nothing = { deleted: 0, held: 0 };
  const dataset = await lockDataset(transaction, datasetId);
  const sightings = await readSightings(transaction, run, datasetId);
  // Which record it was that had no readable id, nobody knows.
  if (!sightings.isComplete) return nothing;
  const beganMs = Math.min(run.beganMs, sightings.beganMs ?? run.beganMs);
  const unseen = findUnseen({ run, datasetId, beganMs });
  const count = await countUnseen(transaction, unseen);
  if (count === 0) return nothing;
  const live = dataset.liveCount;
  const isTooMuch = exceedsAirbag(sync.airbag, { deletions: count, live }) || (sync.airbag !== null && count === live);
  if (isTooMuch) {
    return {
      deleted: 0,
      held: await holdDeletions(transaction, { runId: run.id, syncId, dataset, gone: unseen, now }),
    };
  }
  const { deleted } = await removeRecords(transaction, {
    datasetId,
    runId: run.id,
    now,
    keepHistory,
    base: dataset.position,
    gone: sql`(select external_id, row_number() over (order by external_id collate "C") as place from ${unseen} unseen)`,
    observedMs: beganMs,
  });
  return { deleted, held: 0 };
}
