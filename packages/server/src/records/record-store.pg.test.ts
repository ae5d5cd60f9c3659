import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../database/testing/create-test-database.ts';
import { createRecordFixture, pageOfRecords, type Data } from './testing/record-fixture.ts';

let server: TestDatabase;
beforeAll(async () => {
  server = await createTestDatabase();
});
afterAll(() => server.drop());

const issue = (id: number, title = `Issue ${id}`): Data => ({ id: String(id), title });

test('a page tells what was added, updated, unchanged and deleted', async () => {
  const fixture = await createRecordFixture(server.database);
  expect(await fixture.commit(pageOfRecords([issue(1), issue(2), issue(3)]))).toEqual({
    added: 3,
    updated: 0,
    unchanged: 0,
    deleted: 0,
    quarantined: 0,
    held: 0,
  });
  const second = pageOfRecords([issue(1), issue(2, 'changed'), issue(4)], { deletedIds: ['3', 'never-there'] });
  expect(await fixture.commit(second)).toMatchObject({ added: 1, updated: 1, unchanged: 1, deleted: 1 });
  const live = await fixture.list();
  expect(live.map(({ data }) => data)).toEqual([issue(1), issue(2, 'changed'), issue(4)]);
});

test('a page that breaks a row of pages with nothing but new records is told and fed like any other', async () => {
  const fixture = await createRecordFixture(server.database);
  await fixture.commit(pageOfRecords([issue(1), issue(2)]));
  expect(await fixture.commit(pageOfRecords([issue(3), issue(4)]))).toMatchObject({ added: 2, unchanged: 0 });
  const { cursor } = await fixture.follow();
  const mixed = pageOfRecords([issue(5), issue(4), issue(3, 'changed'), issue(6)]);
  expect(await fixture.commit(mixed)).toMatchObject({ added: 2, updated: 1, unchanged: 1 });
  const { changes } = await fixture.follow(cursor);
  expect(changes.map(({ id, change }) => [id, change])).toEqual([
    ['5', 'added'],
    ['3', 'updated'],
    ['6', 'added'],
  ]);
});

test('committing a page again writes nothing and shows in no feed', async () => {
  const fixture = await createRecordFixture(server.database);
  const page = pageOfRecords([issue(1), issue(2)], { deletedIds: ['9'] });
  await fixture.commit(page);
  const { cursor } = await fixture.follow();
  for (let round = 0; round < 3; round += 1) {
    expect(await fixture.commit(page)).toMatchObject({ added: 0, updated: 0, unchanged: 2, deleted: 0 });
  }
  expect((await fixture.follow(cursor)).changes).toEqual([]);
});

test('the order of keys is no change', async () => {
  const fixture = await createRecordFixture(server.database);
  await fixture.commit(pageOfRecords([{ id: '1', a: 1, b: { c: 2, d: 3 } }]));
  const counts = await fixture.commit(pageOfRecords([{ b: { d: 3, c: 2 }, a: 1, id: '1' }]));
  expect(counts).toMatchObject({ unchanged: 1, updated: 0 });
});

test('of one id twice in a page, the last one counts', async () => {
  const fixture = await createRecordFixture(server.database);
  await fixture.commit(pageOfRecords([issue(1, 'first'), issue(1, 'last')]));
  expect((await fixture.list()).map(({ data }) => data)).toEqual([issue(1, 'last')]);
});

test('a deleted record that comes back is added again, with its old creation time', async () => {
  const fixture = await createRecordFixture(server.database);
  await fixture.commit(pageOfRecords([issue(1)]));
  const [before] = await fixture.list();
  await fixture.commit(pageOfRecords([], { deletedIds: ['1'] }));
  const { cursor } = await fixture.follow();
  expect(await fixture.commit(pageOfRecords([issue(1)]))).toMatchObject({ added: 1, unchanged: 0 });
  const { changes } = await fixture.follow(cursor);
  expect(changes).toMatchObject([{ id: '1', change: 'added', deletedAt: null, createdAt: before?.createdAt }]);
});

test('text that SQL, JSON and arrays treat specially comes back as it was', async () => {
  const fixture = await createRecordFixture(server.database);
  const nasty = ['a"b', "c'd", 'e\\f', '{g,h}', 'NULL', 'ü😀', 'tab\there', ''.padEnd(3, ' ')];
  const records = nasty.map((text) => ({ id: `id ${text}`, text, nested: { [text]: [text, null, 1.5, true] } }));
  await fixture.commit(pageOfRecords(records));
  expect((await fixture.list()).map(({ data }) => data)).toEqual(records);
});

test('a page whose transaction fails leaves nothing behind', async () => {
  const fixture = await createRecordFixture(server.database);
  const broken = pageOfRecords([issue(1), issue(2)]);
  const [, second] = broken.records;
  if (second) second.json = '{"not": json}';
  await expect(fixture.commit(broken)).rejects.toThrow();
  expect(await fixture.list()).toEqual([]);
  expect((await fixture.follow()).changes).toEqual([]);
});

test('absence deletes what the attempt did not see, and only that', async () => {
  const fixture = await createRecordFixture(server.database);
  await fixture.commit(pageOfRecords([issue(1), issue(2), issue(3), issue(4)]));
  const { cursor } = await fixture.follow();
  const first = await fixture.startRun();
  // What an earlier attempt of the same run saw does not keep a record.
  await fixture.commit(pageOfRecords([issue(4)]), { run: first });
  const run = { ...first, generation: 2, beganMs: Date.now() + 1 };
  await fixture.commit(pageOfRecords([issue(1)]), { run });
  await fixture.commit(pageOfRecords([issue(3)]), { run });
  expect(await fixture.finish(run)).toEqual({ deleted: 2, held: 0 });
  expect((await fixture.list()).map(({ id }) => id)).toEqual(['1', '3']);
  const { changes } = await fixture.follow(cursor);
  expect(changes.map(({ id, change }) => [id, change])).toEqual([
    ['2', 'deleted'],
    ['4', 'deleted'],
  ]);
  const left = await server.database.selectFrom('sightings').selectAll().where('run_id', '=', run.id).execute();
  expect(left).toEqual([]);
});

test('any sequence of pages leaves what a plain map would hold, and the counts add up', async () => {
  const ids = fc.integer({ min: 1, max: 12 });
  const pages = fc.array(
    fc.record({
      saved: fc.array(fc.tuple(ids, fc.integer({ min: 0, max: 2 })), { maxLength: 10 }),
      removed: fc.array(ids, { maxLength: 4 }),
    }),
    { maxLength: 8 },
  );
  await fc.assert(
    fc.asyncProperty(pages, fc.integer({ min: 1, max: 5 }), async (history, limit) => {
      const fixture = await createRecordFixture(server.database);
      const model = new Map<string, string>();
      const mirror = new Map<string, string>();
      let place: string | undefined;
      for (const { saved, removed } of history) {
        const records = saved.map(([id, version]) => issue(id, `version ${version}`));
        const counts = await fixture.commit(pageOfRecords(records, { deletedIds: removed.map(String) }));
        expect(counts.added + counts.updated + counts.unchanged).toBe(new Set(saved.map(([id]) => id)).size);
        for (const record of records) model.set(record.id, String(record['title']));
        for (const id of removed) model.delete(String(id));
        // An app that applies the feed holds the same.
        const { changes, cursor } = await fixture.follow(place, limit);
        place = cursor;
        for (const { id, change, data } of changes) {
          expect(change === 'added' ? mirror.has(id) : false).toBe(false);
          if (change === 'deleted') mirror.delete(id);
          else mirror.set(id, String(data['title']));
        }
        expect(mirror).toEqual(model);
      }
      const stored = new Map((await fixture.list({ limit })).map(({ id, data }) => [id, String(data['title'])]));
      expect(stored).toEqual(model);
    }),
    { numRuns: 30 },
  );
});
