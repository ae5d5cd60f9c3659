import type { Kysely } from 'kysely';
import type { OutgoingPage, PageCounts } from '@tenon/runtime/execute';
import type { Schema } from '../database/schema.ts';
import { deleteUnseen } from './queries/delete-unseen.ts';
import { ensureDatasets } from './queries/ensure-datasets.ts';
import { findChanged } from './queries/find-changed.ts';
import { forgetSightings } from './queries/forget-sightings.ts';
import { insertRecords } from './queries/insert-records.ts';
import { insertSighting } from './queries/insert-sighting.ts';
import { removeRecords } from './queries/remove-records.ts';
import { upsertRecords } from './queries/upsert-records.ts';
import { createPageExpectations } from './page-expectations.ts';
import { createRecordBatch, type RecordBatch } from './record-batch.ts';

export interface CommitPageOptions {
  readonly datasetId: number;
  readonly run: { readonly id: string; readonly generation: number };
  readonly page: OutgoingPage;
  /** Whether the run deletes by absence, and so notes what it sees. */
  readonly trackSightings: boolean;
  readonly now: Date;
}

type SavedCounts = Pick<PageCounts, 'added' | 'updated' | 'unchanged'>;

export interface RecordStore {
  /** Writes a page within the caller's transaction. Writing it again changes nothing. */
  commitPage(transaction: Kysely<Schema>, options: CommitPageOptions): Promise<PageCounts>;
  /** Creates the datasets that a connection lacks, and gives the id of each model's. */
  ensureDatasets: typeof ensureDatasets;
  /** Ends a complete enumeration, within the caller's transaction: what it did not see is deleted. Returns how many. */
  finishAbsence(
    transaction: Kysely<Schema>,
    options: { run: { id: string; generation: number }; datasets: readonly number[] },
  ): Promise<number>;
}

/** The writing side of the record store. */
export function createRecordStore(context: { now(): number }): RecordStore {
  const expectations = createPageExpectations();

  async function writeBatch(
    transaction: Kysely<Schema>,
    options: { datasetId: number; batch: RecordBatch; now: Date },
  ): Promise<{ added: number; updated: number; wasWrong?: boolean }> {
    const { datasetId, batch, now } = options;
    switch (expectations.get(datasetId)) {
      case 'new':
        if (await insertRecords(transaction, options)) return { added: batch.ids.length, updated: 0 };
        return { ...(await upsertRecords(transaction, options)), wasWrong: true };
      case 'unchanged': {
        // Compared by hash before its data is sent.
        const places = await findChanged(transaction, datasetId, batch);
        if (places.length === 0) return { added: 0, updated: 0 };
        return upsertRecords(transaction, { datasetId, batch: batch.pick(places), now });
      }
      case undefined:
        return upsertRecords(transaction, options);
    }
  }

  /** Writes a page's records. */
  async function saveRecords(
    transaction: Kysely<Schema>,
    options: { datasetId: number; batch: RecordBatch; now: Date },
  ): Promise<SavedCounts> {
    const { datasetId, batch } = options;
    const total = batch.ids.length;
    if (total === 0) return { added: 0, updated: 0, unchanged: 0 };
    const { added, updated, wasWrong = false } = await writeBatch(transaction, options);
    const counts = { added, updated, unchanged: total - added - updated };
    expectations.learn(datasetId, counts, { wasWrong });
    return counts;
  }

  return {
    async commitPage(transaction, { datasetId, run, page, trackSightings, now }) {
      const batch = createRecordBatch(page.records);
      const { added, updated, unchanged } = await saveRecords(transaction, { datasetId, batch, now });
      if (trackSightings && batch.ids.length > 0) {
        await insertSighting(transaction, { run, datasetId, ids: batch.ids });
      }
      const deleted =
        page.deletedIds.length === 0 ? 0 : await removeRecords(transaction, { datasetId, ids: page.deletedIds, now });
      return { added, updated, unchanged, deleted, quarantined: 0, held: 0 };
    },

    ensureDatasets,

    async finishAbsence(transaction, { run, datasets }) {
      const now = new Date(context.now());
      let deleted = 0;
      for (const datasetId of datasets) deleted += await deleteUnseen(transaction, { run, datasetId, now });
      await forgetSightings(transaction, run.id);
      return deleted;
    },
  };
}
