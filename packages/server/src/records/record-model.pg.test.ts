import * as fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../database/testing/create-test-database.ts';
import { createRecordFixture, outgoing, pageOfRecords, type RecordFixture } from './testing/record-fixture.ts';
import { createRecordModel, type ModelSave, type RecordModel } from './testing/record-model.ts';
import { undoRun } from './undo/undo-run.ts';
import type { RunOfPage } from './writing/commit-page.ts';

let server: TestDatabase;
beforeAll(async () => {
  server = await createTestDatabase();
});
afterAll(() => server.drop());

// Few records, so that each is met often.
const id = fc.integer({ min: 1, max: 4 }).map(String);
const value = fc.integer({ min: 0, max: 2 });
const airbag = fc.option(fc.constant({ share: 0.3, atLeast: 2 }));
/** How long ago something was observed, in steps of the test's clock. */
const age = fc.nat({ max: 4 });
const saves = fc.uniqueArray(
  fc.record({
    id,
    v: value,
    age,
    version: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
    isDeleted: fc.option(fc.constant(true), { nil: undefined, freq: 4 }),
    basis: fc.option(value, { nil: undefined, freq: 4 }),
  }),
  { maxLength: 4, size: 'max', selector: (save) => save.id },
);
const pick = fc.nat({ max: 20 });
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('page' as const),
      saves,
      deletes: fc.array(id, { maxLength: 3 }),
      age,
      airbag,
      slot: fc.nat({ max: 2 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('enumeration' as const), saves, airbag }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('undo' as const), pick }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('decide' as const), pick, approve: fc.boolean() }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Plays a step on both sides, and compares what they answer. */
function createPlayer(fixture: RecordFixture, model: RecordModel, clock: { ms: number }) {
  const runs: RunOfPage[] = [];
  /** Runs that save side by side, and so in turns. */
  const open = new Map<number, RunOfPage>();

  function toSaves(given: Extract<Step, { type: 'page' }>['saves']): ModelSave[] {
    // A patch says nothing about deletion.
    return given.map(({ age: ago, ...save }) => ({
      ...save,
      observedMs: clock.ms - ago,
      isDeleted: save.basis === undefined ? save.isDeleted : undefined,
    }));
  }
  const toRecords = (given: readonly ModelSave[]) =>
    given.map(({ id: name, v, observedMs, version, isDeleted, basis }) => ({
      ...outgoing({ id: name, v }),
      observedMs,
      version,
      isDeleted,
      basis: basis === undefined ? undefined : Buffer.from(outgoing({ id: name, v: basis }).hash).toString('hex'),
    }));

  return async function play(given: Step): Promise<void> {
    clock.ms += 2;
    const nowMs = clock.ms;
    switch (given.type) {
      case 'page': {
        const run = open.get(given.slot) ?? (await fixture.startRun());
        if (!open.has(given.slot)) runs.push(run);
        open.set(given.slot, run);
        const saved = toSaves(given.saves);
        const observedMs = nowMs - given.age;
        const page = {
          ...pageOfRecords([], { deletedIds: given.deletes, deletedObservedMs: observedMs }),
          records: toRecords(saved),
        };
        const done = await fixture.commitWhole(page, { run, airbag: given.airbag, trackSightings: false });
        const expected = model.page(run.id, {
          saves: saved,
          deletes: given.deletes,
          observedMs,
          airbag: given.airbag,
          nowMs,
        });
        expect(done.counts).toEqual(expected.counts);
        expect(done.conflicts.sort()).toEqual(expected.conflicts.sort());
        return;
      }
      case 'enumeration': {
        const run = await fixture.startRun();
        runs.push(run);
        clock.ms += 5;
        const saved = toSaves(given.saves).map((save) => ({ ...save, isDeleted: undefined, basis: undefined }));
        await fixture.commit({ ...pageOfRecords([]), records: toRecords(saved) }, { run });
        model.page(run.id, { saves: saved, deletes: [], observedMs: 0, airbag: null, nowMs: clock.ms });
        const done = await fixture.finish(run, { airbag: given.airbag });
        const seen = new Set(saved.map((save) => save.id));
        const end = { seen, beganMs: run.beganMs, airbag: given.airbag, nowMs: clock.ms };
        expect(done).toEqual(model.finish(run.id, end));
        return;
      }
      case 'undo': {
        const run = runs[given.pick % Math.max(1, runs.length)];
        if (!run) return;
        await fixture.endRun(run);
        const context = { database: server.database, now: () => clock.ms, newRunId: () => crypto.randomUUID() };
        const undone = await undoRun(context, { environmentId: fixture.environmentId, runId: run.id });
        expect(undone).toMatchObject(model.undo(run.id, undone.runId));
        runs.push({ id: undone.runId, generation: 1, beganMs: 0 });
        return;
      }
      case 'decide': {
        const pending = [...model.holds.values()].filter(({ status }) => status === 'pending');
        const hold = pending[given.pick % Math.max(1, pending.length)];
        if (!hold) return;
        const { rows } = await sql<{ id: number }>`
          select id from holds where run_id = ${hold.run}::uuid and dataset_id = ${fixture.datasetId}`.execute(
          server.database,
        );
        const held = { environmentId: fixture.environmentId, id: Number(rows[0]?.id) };
        await server.database.transaction().execute(async (transaction) => {
          if (given.approve)
            expect(await fixture.store.approveHold(transaction, held)).toEqual({ deleted: model.approve(hold) });
          else await fixture.store.discardHold(transaction, held);
        });
        if (!given.approve) hold.status = 'discarded';
      }
    }
  };
}

async function readRows(datasetId: number) {
  const { rows } = await sql<{ id: string; v: number; isLive: boolean; observedMs: number; version: number | null }>`
    select external_id as id, (data->>'v')::int as v, deleted_at is null as "isLive", observed_ms as "observedMs", version
    from records where dataset_id = ${datasetId} order by external_id`.execute(server.database);
  return rows;
}

test('any history of pages, patches, deletions, enumerations, holds and undoing is what plain maps make of it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25, size: 'max' }), async (steps) => {
      const clock = { ms: 1_000 };
      const fixture = await createRecordFixture(server.database, { now: () => clock.ms });
      const model = createRecordModel();
      const play = createPlayer(fixture, model, clock);
      const mirror = new Map<string, unknown>();
      let place: string | undefined;
      for (const given of steps) {
        await play(given);
        expect(await readRows(fixture.datasetId)).toEqual(model.rows());
        const dataset = await server.database
          .selectFrom('datasets')
          .select('live_count')
          .where('id', '=', fixture.datasetId)
          .executeTakeFirstOrThrow();
        expect(dataset.live_count).toBe(model.live().length);
        // An app that applies the feed holds the same.
        const { changes, cursor } = await fixture.follow(place, 3);
        place = cursor;
        for (const { id: name, change, data } of changes) {
          if (change === 'deleted') mirror.delete(name);
          else mirror.set(name, data['v']);
        }
        expect(mirror).toEqual(new Map(model.live().map((name) => [name, model.current(name)?.v])));
      }
      const { rows: holds } = await sql<{ run: string; status: string; count: number }>`
        select run_id as run, status, record_count as count from holds
        where dataset_id = ${fixture.datasetId} order by run_id`.execute(server.database);
      const expected = [...model.holds.values()].map(({ run, status, ids }) => ({ run, status, count: ids.size }));
      expect(holds).toEqual(expected.sort((one, other) => (one.run < other.run ? -1 : 1)));
    }),
    { numRuns: 40 },
  );
}, 300_000);
