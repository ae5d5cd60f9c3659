import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../database/testing/create-test-database.ts';
import { createRecordFixture, pageOfRecords, type RecordFixture } from '../testing/record-fixture.ts';

let server: TestDatabase;
beforeAll(async () => {
  server = await createTestDatabase();
});
afterAll(() => server.drop());

const bad = (id: string | null, text = 'bad') => ({
  id,
  json: JSON.stringify({ id, text }),
  problems: [{ path: 'text', message: 'expected a number' }],
});
const pageOfBad = (...quarantined: Array<ReturnType<typeof bad>>) => pageOfRecords([], { quarantined });

async function entries(fixture: RecordFixture) {
  const rows = await server.database
    .selectFrom('quarantine')
    .select(['id', 'external_id', 'data', 'problems', 'run_id'])
    .where('dataset_id', '=', fixture.datasetId)
    .orderBy('id')
    .execute();
  const dataset = await server.database
    .selectFrom('datasets')
    .select('quarantined_count')
    .where('id', '=', fixture.datasetId)
    .executeTakeFirstOrThrow();
  expect(dataset.quarantined_count).toBe(rows.length);
  return rows;
}

test('an invalid record is kept once, with what is wrong with it, however often it is saved', async () => {
  const fixture = await createRecordFixture(server.database);
  const run = await fixture.startRun();
  expect(await fixture.commit(pageOfBad(bad('1'), bad(null)))).toMatchObject({ quarantined: 2, added: 0 });
  expect(await fixture.commit(pageOfBad(bad('1'), bad(null)), { run })).toMatchObject({ quarantined: 2 });
  expect(await entries(fixture)).toMatchObject([
    { external_id: '1', data: { text: 'bad' }, problems: [{ path: 'text' }], run_id: run.id },
    { external_id: null },
  ]);
});

test('of an id, what was saved last is kept', async () => {
  const fixture = await createRecordFixture(server.database);
  await fixture.commit(pageOfBad(bad('1', 'first'), bad('2')));
  await fixture.commit(pageOfBad(bad('1', 'second'), bad('1', 'third')));
  expect((await entries(fixture)).map(({ data }) => data)).toEqual([
    { id: '2', text: 'bad' },
    { id: '1', text: 'third' },
  ]);
});

test('a valid record with the id settles it, in every way in which a page is written', async () => {
  const fixture = await createRecordFixture(server.database);
  const all = Array.from({ length: 60 }, (_, n) => ({ id: `a${n}` }));
  await fixture.commit(pageOfRecords(all));
  // New records are expected now.
  await fixture.commit(pageOfBad(bad('new'), bad('a7'), bad('stays')));
  await fixture.commit(pageOfRecords([{ id: 'new' }]));
  expect((await entries(fixture)).map((row) => row.external_id)).toEqual(['a7', 'stays']);
  // Unchanged ones are expected at the second of these, and the whole page is unchanged.
  await fixture.commit(pageOfRecords(all.slice(8)));
  expect(await fixture.commit(pageOfRecords(all))).toMatchObject({ unchanged: 60 });
  expect((await entries(fixture)).map((row) => row.external_id)).toEqual(['stays']);
});

test('a deletion of the id settles it, so that no replay brings it back', async () => {
  const fixture = await createRecordFixture(server.database);
  await fixture.commit(pageOfRecords([{ id: 'stored' }]));
  await fixture.commit(pageOfBad(bad('stored'), bad('never stored'), bad('stays')));
  await fixture.commit(pageOfRecords([], { deletedIds: ['stored', 'never stored'] }));
  expect((await entries(fixture)).map((row) => row.external_id)).toEqual(['stays']);
});

test('a replay settles the entries that it names, of its own dataset only', async () => {
  const [fixture, other] = [await createRecordFixture(server.database), await createRecordFixture(server.database)];
  await fixture.commit(pageOfBad(bad(null, 'one'), bad(null, 'two')));
  await other.commit(pageOfBad(bad(null)));
  const [first] = await entries(fixture);
  const [foreign] = await entries(other);
  const settledQuarantine = [Number(first?.id), Number(foreign?.id)];
  await fixture.commit(pageOfRecords([{ id: 'fixed' }], { settledQuarantine }));
  expect((await entries(fixture)).map(({ data }) => data)).toEqual([{ id: null, text: 'two' }]);
  expect(await entries(other)).toHaveLength(1);
});
