import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../database/testing/create-test-database.ts';
import { createRecordFixture, outgoing, pageOfRecords, type RecordFixture } from '../testing/record-fixture.ts';

let server: TestDatabase;
beforeAll(async () => {
  server = await createTestDatabase();
});
afterAll(() => server.drop());

interface Saved {
  readonly title: string;
  readonly observedMs: number;
  readonly version?: number;
  readonly isDeleted?: boolean;
}

async function save(fixture: RecordFixture, { title, ...more }: Saved) {
  const page = { ...pageOfRecords([]), records: [{ ...outgoing({ id: '1', title }), ...more }] };
  return await fixture.commit(page);
}

const remove = (fixture: RecordFixture, observedMs: number) =>
  fixture.commit(pageOfRecords([], { deletedIds: ['1'], deletedObservedMs: observedMs }));

async function titles(fixture: RecordFixture): Promise<unknown[]> {
  return (await fixture.list()).map(({ data }) => data['title']);
}

test('a poll that was asked before the webhook came does not overwrite what it brought', async () => {
  const fixture = await createRecordFixture(server.database);
  await save(fixture, { title: 'webhook', observedMs: 200 });
  expect(await save(fixture, { title: 'poll', observedMs: 100 })).toMatchObject({ updated: 0, unchanged: 1 });
  expect(await titles(fixture)).toEqual(['webhook']);
  expect(await save(fixture, { title: 'later', observedMs: 200 })).toMatchObject({ updated: 1 });
});

test('versions decide before times do, and times between equal versions', async () => {
  const fixture = await createRecordFixture(server.database);
  await save(fixture, { title: 'seven', observedMs: 200, version: 7 });
  expect(await save(fixture, { title: 'six', observedMs: 300, version: 6 })).toMatchObject({ unchanged: 1 });
  expect(await save(fixture, { title: 'seven, older', observedMs: 100, version: 7 })).toMatchObject({ unchanged: 1 });
  expect(await save(fixture, { title: 'eight', observedMs: 100, version: 8 })).toMatchObject({ updated: 1 });
  expect(await titles(fixture)).toEqual(['eight']);
  expect(await save(fixture, { title: 'none', observedMs: 200 })).toMatchObject({ updated: 1 });
});

test('what was only seen again counts as observed then', async () => {
  const fixture = await createRecordFixture(server.database);
  await save(fixture, { title: 'as it is', observedMs: 100 });
  expect(await save(fixture, { title: 'as it is', observedMs: 300 })).toMatchObject({ unchanged: 1 });
  expect(await save(fixture, { title: 'between', observedMs: 200 })).toMatchObject({ unchanged: 1 });
  expect(await remove(fixture, 200)).toMatchObject({ deleted: 0 });
  expect(await titles(fixture)).toEqual(['as it is']);
});

test('a deletion that was observed before the record was saved is dropped, and the other way round', async () => {
  const fixture = await createRecordFixture(server.database);
  await save(fixture, { title: 'here', observedMs: 200, version: 7 });
  expect(await remove(fixture, 100)).toMatchObject({ deleted: 0 });
  expect(await remove(fixture, 300)).toMatchObject({ deleted: 1 });
  expect(await save(fixture, { title: 'stale', observedMs: 250, version: 7 })).toMatchObject({
    added: 0,
    unchanged: 1,
  });
  expect(await save(fixture, { title: 'stale', observedMs: 250, version: 8 })).toMatchObject({
    added: 0,
    unchanged: 1,
  });
  expect(await titles(fixture)).toEqual([]);
  expect(await save(fixture, { title: 'back', observedMs: 300, version: 7 })).toMatchObject({ added: 1 });
});

test('a record that says that it is deleted is kept with its data, and not brought back by an older version', async () => {
  const fixture = await createRecordFixture(server.database);
  await save(fixture, { title: 'here', observedMs: 100, version: 1 });
  const { cursor } = await fixture.follow();
  const flagged = { title: 'trashed', observedMs: 200, version: 3, isDeleted: true };
  expect(await save(fixture, flagged)).toMatchObject({ added: 0, updated: 1, deleted: 1 });
  expect(await save(fixture, flagged)).toMatchObject({ unchanged: 1, deleted: 0 });
  expect(await save(fixture, { title: 'older', observedMs: 300, version: 2 })).toMatchObject({ unchanged: 1 });
  const { changes } = await fixture.follow(cursor);
  expect(changes).toMatchObject([{ id: '1', change: 'deleted', data: { title: 'trashed' } }]);
  expect(await save(fixture, { title: 'restored', observedMs: 300, version: 4 })).toMatchObject({ added: 1 });
});

test('a record that was deleted before it was ever stored is not brought back by an older version either', async () => {
  const fixture = await createRecordFixture(server.database);
  const flagged = { title: 'gone', observedMs: 100, version: 3, isDeleted: true };
  expect(await save(fixture, flagged)).toEqual({
    added: 0,
    updated: 0,
    unchanged: 1,
    deleted: 0,
    quarantined: 0,
    held: 0,
  });
  expect(await save(fixture, { title: 'older', observedMs: 200, version: 2 })).toMatchObject({
    added: 0,
    unchanged: 1,
  });
  expect(await titles(fixture)).toEqual([]);
});

test('a patch is written on its basis only, and told of as a conflict otherwise', async () => {
  const fixture = await createRecordFixture(server.database);
  await fixture.commit(
    pageOfRecords([
      { id: '1', v: 1 },
      { id: '2', v: 1 },
    ]),
  );
  const patchOf = (id: string, basis: Record<string, unknown>) => ({
    ...outgoing({ id, v: 2 }),
    basis: Buffer.from(outgoing({ id, ...basis }).hash).toString('hex'),
  });
  const records = [patchOf('1', { v: 1 }), patchOf('2', { v: 7 }), patchOf('3', { v: 1 }), outgoing({ id: '4', v: 1 })];
  const { counts, conflicts } = await fixture.commitWhole({ ...pageOfRecords([]), records });
  expect(conflicts.sort()).toEqual(['2', '3']);
  expect(counts).toMatchObject({ added: 1, updated: 1, unchanged: 0 });
  expect((await fixture.list()).map(({ id, data }) => [id, data['v']])).toEqual([
    ['2', 1],
    ['1', 2],
    ['4', 1],
  ]);
});
