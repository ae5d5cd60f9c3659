import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';
import type { RecordStore } from '../runs/run-ports.ts';

/**
 * The least that a record store may do within the database's transactions, so that the engine's tests see what was
 * rolled back: rows by id, sightings by attempt.
 */
export function createMinimalRecords(): RecordStore {
  return {
    async ensureDatasets(database, connectionId, models) {
      const ids = new Map<string, number>();
      for (const model of models) {
        const row = await database
          .insertInto('datasets')
          .values({ connection_id: connectionId, model })
          .onConflict((conflict) => conflict.columns(['connection_id', 'model']).doUpdateSet({ model }))
          .returning('id')
          .executeTakeFirstOrThrow();
        ids.set(model, Number(row.id));
      }
      return ids;
    },
    async commitPage(database, { datasetId, syncId, run, page, trackSightings, now }) {
      let added = 0;
      let unchanged = 0;
      for (const record of page.records) {
        const existing = await selectRecord(database, datasetId, record.id);
        if (existing) unchanged++;
        else added++;
        if (existing) continue;
        await database
          .insertInto('records')
          .values({
            dataset_id: datasetId,
            external_id: record.id,
            data: record.json,
            hash: Buffer.from(record.hash),
            position: 0,
            added_position: 0,
            updated_at: now,
            deleted_at: null,
          })
          .execute();
      }
      if (trackSightings) {
        const external_ids = page.records.map(({ id }) => id);
        await database
          .insertInto('sightings')
          .values({ run_id: run.id, attempt: run.attempt, dataset_id: datasetId, external_ids })
          .execute();
      }
      if (page.cursor !== undefined) {
        const cursor = JSON.stringify(page.cursor);
        await database.updateTable('syncs').set({ cursor }).where('id', '=', syncId).execute();
      }
      return { added, updated: 0, unchanged, deleted: 0 };
    },
    async finishAbsence(database, { run, datasets }) {
      const sightings = await database
        .selectFrom('sightings')
        .select('external_ids')
        .where('run_id', '=', run.id)
        .where('attempt', '=', run.attempt)
        .execute();
      const seen = sightings.flatMap(({ external_ids }) => external_ids);
      const deleted = await database
        .updateTable('records')
        .set({ deleted_at: new Date() })
        .where('dataset_id', 'in', [...datasets])
        .where('deleted_at', 'is', null)
        .where('external_id', 'not in', seen.length > 0 ? seen : [''])
        .executeTakeFirst();
      return Number(deleted.numUpdatedRows);
    },
  };
}

function selectRecord(database: Kysely<Schema>, datasetId: number, id: string) {
  return database
    .selectFrom('records')
    .select('external_id')
    .where('dataset_id', '=', datasetId)
    .where('external_id', '=', id)
    .executeTakeFirst();
}
