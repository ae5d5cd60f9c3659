import type { Kysely } from 'kysely';
import type { OutgoingPage, PageCounts } from '@tenon/runtime/execute';
import type { Schema } from '../database/schema.ts';
import { deleteUnseen } from './queries/delete-unseen.ts';
import { ensureDatasets } from './queries/ensure-datasets.ts';
import { findChanged } from './queries/find-changed.ts';
import { forgetSightings } from './queries/forget-sightings.ts';
import { insertSighting } from './queries/insert-sighting.ts';
import { removeRecords } from './queries/remove-records.ts';
import { updateSyncCursor } from './queries/update-sync-cursor.ts';
import { upsertRecords } from './queries/upsert-records.ts';
import { createRecordBatch, type RecordBatch } from './record-batch.ts';

export interface CommitPageOptions {
  readonly datasetId: number;
  readonly sync: { readonly id: number; readonly cursorEpoch: number };
  readonly run: { readonly id: string; readonly attempt: number };
  readonly page: OutgoingPage;
  /** Whether the run deletes by absence, and so notes what it sees. */
  readonly trackSightings: boolean;
  readonly now: Date;
}

export interface RecordStore {
  /** Writes a page within the caller's transaction. Writing it again changes nothing. */
  commitPage(transaction: Kysely<Schema>, options: CommitPageOptions): Promise<PageCounts>;
  /** Creates the datasets that a connection lacks, and gives the id of each model's. */
  ensureDatasets: typeof ensureDatasets;
  /** Ends a complete enumeration, within the caller's transaction: what it did not see is deleted. Returns how many. */
  finishAbsence(
    transaction: Kysely<Schema>,
    options: { run: { id: string; attempt: number }; datasets: readonly number[] },
  ): Promise<number>;
}

/** How many datasets the store remembers; a forgotten one costs one page that is sent whole. */
const rememberedDatasets = 10_000;

/** The writing side of the record store. */
export function createRecordStore(context: { now(): number }): RecordStore {
  /** Datasets whose last page was mostly unchanged: the next one is compared by hash before its data is sent. */
  const mostlyUnchanged = new Set<number>();

  function remember(datasetId: number, isUnchanged: boolean): void {
    mostlyUnchanged.delete(datasetId);
    if (!isUnchanged) return;
    mostlyUnchanged.add(datasetId);
    const [oldest] = mostlyUnchanged;
    if (mostlyUnchanged.size > rememberedDatasets && oldest !== undefined) mostlyUnchanged.delete(oldest);
  }

  async function writeBatch(
    transaction: Kysely<Schema>,
    options: { datasetId: number; batch: RecordBatch; now: Date },
  ): Promise<{ added: number; updated: number }> {
    const { datasetId, batch, now } = options;
    if (!mostlyUnchanged.has(datasetId)) return upsertRecords(transaction, options);
    const places = await findChanged(transaction, datasetId, batch);
    if (places.length === 0) return { added: 0, updated: 0 };
    return upsertRecords(transaction, { datasetId, batch: batch.pick(places), now });
  }

  return {
    async commitPage(transaction, { datasetId, sync, run, page, trackSightings, now }) {
      const batch = createRecordBatch(page.records);
      const total = batch.ids.length;
      const { added, updated } =
        total === 0 ? { added: 0, updated: 0 } : await writeBatch(transaction, { datasetId, batch, now });
      const unchanged = total - added - updated;
      if (total > 0) remember(datasetId, unchanged * 2 > total);
      if (trackSightings && total > 0) await insertSighting(transaction, { run, datasetId, ids: batch.ids });
      const deleted =
        page.removedIds.length === 0 ? 0 : await removeRecords(transaction, { datasetId, ids: page.removedIds, now });
      if (page.cursor !== undefined) await updateSyncCursor(transaction, sync, page.cursor);
      return { added, updated, unchanged, deleted };
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
