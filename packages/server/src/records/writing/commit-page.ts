import type { Kysely } from 'kysely';
import type { Airbag } from '@tenon/runtime/contract';
import type { OutgoingPage, PageCounts } from '@tenon/runtime/execute';
import type { Schema } from '../../database/schema.ts';
import { insertSighting } from '../absence/queries/insert-sighting.ts';
import { holdExcess } from '../holds/hold-excess.ts';
import { updateQuarantine } from '../quarantine/update-quarantine.ts';
import type { PageExpectations } from './page-expectations.ts';
import { findChanged } from './queries/find-changed.ts';
import { findConflicts } from './queries/find-conflicts.ts';
import { findFlagged } from './queries/find-flagged.ts';
import { insertRecords } from './queries/insert-records.ts';
import { lockDataset, type LockedDataset } from './queries/lock-dataset.ts';
import { removeGiven } from './remove-given.ts';
import { touchRecords } from './queries/touch-records.ts';
import { writeRecords, type WrittenRecords } from './queries/write-records.ts';
import { createRecordBatch, type RecordBatch } from './record-batch.ts';
import type { WriteScope } from './write-scope.ts';

export interface CommitPageOptions {
  readonly datasetId: number;
  readonly syncId: number;
  readonly run: RunOfPage;
  readonly page: OutgoingPage;
  /** null: deletions are never held. */
  readonly airbag: Airbag | null;
  /** Whether the run deletes by absence, and so notes what it sees. */
  readonly trackSightings: boolean;
  readonly now: Date;
}

export interface RunOfPage {
  readonly id: string;
  readonly generation: number;
  /** Unix time in milliseconds, before the first request of this attempt. */
  readonly beganMs: number;
}

export interface CommittedPage {
  readonly counts: PageCounts;
  /** Ids of patches whose basis was not what is stored; nothing was written for them. */
  readonly conflicts: string[];
}

/**
 * Up to so many records, those that are stored already are noted as seen again, so that what was observed between the two
 * times is known to be older. A page of a full read would have to rewrite all its rows for that; the next full read
 * puts right what slipped in.
 */
const mostTouched = 50;

const noCounts: PageCounts = { added: 0, updated: 0, unchanged: 0, deleted: 0, quarantined: 0, held: 0 };
const nothingWritten: WrittenRecords = { added: 0, updated: 0, deleted: 0, positions: 0 };

/**
 * Writes a page, in one of three ways. A page that should hold nothing but new records is inserted without a look. One
 * that should hold mostly unchanged ones is compared by hash first, without its data and without a lock, and often
 * that is all. Every other one, and what is left of these, is written under the dataset's lock, where what is stored
 * cannot change any more: conflicts of patches, older versions and the airbag are decided there.
 */
export async function commitPage(
  context: { readonly expectations: PageExpectations; readonly keepHistory: boolean },
  transaction: Kysely<Schema>,
  options: CommitPageOptions,
): Promise<CommittedPage> {
  const { expectations } = context;
  const { datasetId, run, page, now } = options;
  const scope: WriteScope = { datasetId, runId: run.id, now, keepHistory: context.keepHistory };
  const whole = createRecordBatch(page.records);
  const total = whole.ids.length;
  const expected = total === 0 ? undefined : expectations.get(datasetId);
  const isPlain =
    !whole.hasDeleted &&
    whole.records.every(({ basis }) => basis === undefined) &&
    page.deletedIds.length + page.quarantined.length + page.settledQuarantine.length === 0;

  if (isPlain && expected === 'new') {
    const inserted = await insertRecords(transaction, { ...scope, batch: whole });
    if (inserted) {
      expectations.learn(datasetId, { added: total, updated: 0, unchanged: 0 }, { wasWrong: false });
      await finishPage(transaction, options, { savedIds: whole.ids, present: inserted.quarantinedCount });
      return { counts: { ...noCounts, added: total }, conflicts: [] };
    }
  }

  let batch = whole;
  if (isPlain && expected === 'unchanged') {
    const { places, quarantinedCount } = await findChanged(transaction, datasetId, whole);
    batch = whole.pick(places);
    if (places.length === 0 && quarantinedCount === 0 && total > mostTouched) {
      expectations.learn(datasetId, { added: 0, updated: 0, unchanged: total }, { wasWrong: false });
      await finishPage(transaction, options, { savedIds: whole.ids, present: 0 });
      return { counts: { ...noCounts, unchanged: total }, conflicts: [] };
    }
  }

  const dataset = await lockDataset(transaction, datasetId);
  const patches = batch.records.filter(({ basis }) => basis !== undefined);
  const conflicts = patches.length === 0 ? [] : await findConflicts(transaction, datasetId, patches);
  const saved = whole.without(new Set(conflicts));
  const held = await holdFlagged(transaction, options, { dataset, batch });
  const writable = batch.without(new Set([...conflicts, ...held.ids]));
  const written =
    writable.ids.length === 0
      ? nothingWritten
      : await writeRecords(transaction, { ...scope, base: dataset.position, batch: writable });
  const { added, updated } = written;
  const unchanged = saved.ids.length - added - updated;
  if (unchanged > 0 && total <= mostTouched) await touchRecords(transaction, { datasetId, batch: saved });
  const removed = await removeGiven(transaction, options, {
    scope,
    dataset: {
      ...dataset,
      position: dataset.position + written.positions,
      liveCount: dataset.liveCount + added - written.deleted,
    },
  });
  if (total > 0) {
    expectations.learn(datasetId, { added, updated, unchanged }, { wasWrong: isPlain && expected === 'new' });
  }
  // What is deleted must not come back with a replay; what is held may stay.
  const deletedIds = removed.held === 0 ? page.deletedIds : [];
  await finishPage(transaction, options, { savedIds: saved.ids, deletedIds, present: dataset.quarantinedCount });
  const counts = {
    added,
    updated,
    unchanged,
    deleted: written.deleted + removed.deleted,
    quarantined: page.quarantined.length,
    held: held.count + removed.held,
  };
  return { counts, conflicts };
}

/** Holds back the records of a page that say that they are deleted, if they are too many. */
async function holdFlagged(
  transaction: Kysely<Schema>,
  options: CommitPageOptions,
  { dataset, batch }: { dataset: LockedDataset; batch: RecordBatch },
): Promise<{ ids: readonly string[]; count: number }> {
  if (!batch.hasDeleted || options.airbag === null) return { ids: [], count: 0 };
  const ids = await findFlagged(transaction, dataset.id, batch);
  const count = ids.length === 0 ? undefined : await holdExcess(transaction, { ...options, dataset, ids });
  return count === undefined ? { ids: [], count: 0 } : { ids, count };
}

/** What every page ends with: what is in quarantine, and what was seen. */
async function finishPage(
  transaction: Kysely<Schema>,
  options: CommitPageOptions,
  {
    savedIds,
    deletedIds = [],
    present,
  }: { savedIds: readonly string[]; deletedIds?: readonly string[]; present: number },
): Promise<void> {
  const { datasetId, syncId, run, page, now } = options;
  const { quarantined, settledQuarantine: settled } = page;
  await updateQuarantine(transaction, {
    datasetId,
    syncId,
    runId: run.id,
    goneIds: [...savedIds, ...deletedIds],
    settled,
    quarantined,
    present,
    now,
  });
  if (!options.trackSightings) return;
  const ids = [...savedIds, ...quarantined.map(({ id }) => id)];
  if (ids.length > 0) await insertSighting(transaction, { run, datasetId, ids });
}
