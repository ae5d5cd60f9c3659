import type { Change } from '@tenon/runtime/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../database/testing/create-test-database.ts';
import { decodeFeedCursor } from './reading/feed-cursor.ts';
import { createRecordFixture, pageOfRecords, type RecordFixture } from './testing/record-fixture.ts';

let server: TestDatabase;
beforeAll(async () => {
  server = await createTestDatabase({ poolSize: 16 });
});
afterAll(() => server.drop());

test('readers who follow the feed beside several writers miss nothing and meet nothing twice', async () => {
  const fixture = await createRecordFixture(server.database);
  const writers = 5;
  const pages = 30;
  let isWriting = true;

  const write = async (writer: number): Promise<void> => {
    for (let page = 0; page < pages; page += 1) {
      // Each record is written once, so that its one change must be met exactly once.
      await fixture.commit(
        pageOfRecords(Array.from({ length: 7 }, (_, n) => ({ id: `${writer}-${page}-${n}`, writer, page }))),
      );
    }
  };
  const read = async (limit: number): Promise<string[]> => {
    const met: Change[] = [];
    let cursor: string | undefined;
    for (let last = false; ;) {
      const page = await fixture.changes(cursor, limit);
      met.push(...page.items);
      cursor = page.nextCursor;
      if (page.items.length === 0 && last) return met.map(({ id }) => id);
      // After the writers have ended, one more look at an empty page is the proof that the end was reached.
      last = !isWriting;
    }
  };

  const readers = [read(1), read(10), read(100)];
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
  isWriting = false;
  const results = await Promise.all(readers);
  const [first] = results;
  expect(new Set(first).size).toBe(writers * pages * 7);
  for (const ids of results) expect(ids).toEqual(first);
});

test('a record that was added and changed since is added; one that was deleted since is deleted', async () => {
  const fixture = await createRecordFixture(server.database);
  await fixture.commit(pageOfRecords([{ id: '1', v: 1 }]));
  await fixture.commit(
    pageOfRecords([
      { id: '1', v: 2 },
      { id: '2', v: 1 },
    ]),
  );
  await fixture.commit(pageOfRecords([], { deletedIds: ['2'] }));
  const { changes, cursor } = await fixture.follow(undefined, 1);
  expect(changes.map(({ id, change }) => [id, change])).toEqual([
    ['1', 'added'],
    ['2', 'deleted'],
  ]);
  await fixture.commit(pageOfRecords([{ id: '1', v: 3 }]));
  expect((await fixture.follow(cursor)).changes).toMatchObject([{ id: '1', change: 'updated', data: { v: 3 } }]);
});

test.each(['nonsense', '', 'MS4xLjE', Buffer.from('1.5').toString('base64url')])(
  'a cursor that no list gave out (%j) is refused',
  async (cursor) => {
    const fixture = await createRecordFixture(server.database);
    await expect(fixture.changes(cursor)).rejects.toMatchObject({
      code: 'request_invalid',
      details: { path: 'cursor' },
    });
  },
);

test('a cursor of another dataset is refused', async () => {
  const [one, other] = [await createRecordFixture(server.database), await createRecordFixture(server.database)];
  await one.commit(pageOfRecords([{ id: '1' }]));
  const { cursor } = await one.follow();
  await expect(other.changes(cursor)).rejects.toMatchObject({ code: 'request_invalid' });
});

test('beside writers of datasets of their own and of one that they share, every reader ends with the truth', async () => {
  const shared = await createRecordFixture(server.database);
  const own = await Promise.all(Array.from({ length: 3 }, () => createRecordFixture(server.database)));
  let isWriting = true;

  // The same few records over and over: added, changed, deleted and brought back, the last write of each being the truth.
  const write = async (fixture: RecordFixture, writer: number): Promise<Map<string, unknown>> => {
    const truth = new Map<string, unknown>();
    for (let round = 0; round < 25; round += 1) {
      const ids = Array.from({ length: 4 }, (_, n) => `${writer}-${(round + n * 3) % 9}`);
      const gone = round % 4 === 3 ? `${writer}-${round % 9}` : undefined;
      const saved = ids.filter((id) => id !== gone);
      const deletedIds = gone === undefined ? [] : [gone];
      await fixture.commit(
        pageOfRecords(
          saved.map((id) => ({ id, round })),
          { deletedIds },
        ),
      );
      for (const id of saved) truth.set(id, round);
      if (gone !== undefined) truth.delete(gone);
    }
    return truth;
  };
  const read = async (fixture: RecordFixture, limit: number): Promise<Map<string, unknown>> => {
    const mirror = new Map<string, unknown>();
    let cursor: string | undefined;
    let position = 0;
    for (let last = false; ;) {
      const page = await fixture.changes(cursor, limit);
      cursor = page.nextCursor;
      // Nothing twice: within a page no record is met again, and each page begins after the one before.
      expect(new Set(page.items.map(({ id }) => id)).size).toBe(page.items.length);
      const place = decodeFeedCursor(cursor, fixture.datasetId).position;
      if (page.items.length > 0) expect(place).toBeGreaterThan(position);
      else expect(place).toBe(position);
      position = place;
      for (const { id, change, data } of page.items) {
        if (change === 'deleted') mirror.delete(id);
        else mirror.set(id, data['round']);
      }
      if (page.items.length === 0 && last) return mirror;
      last = !isWriting;
    }
  };

  const readers = [shared, ...own].map((fixture) => Promise.all([1, 5, 100].map((limit) => read(fixture, limit))));
  const writing = [...own.map((fixture, n) => write(fixture, n)), ...[4, 5, 6].map((writer) => write(shared, writer))];
  const truths = await Promise.all(writing);
  isWriting = false;
  const mirrors = await Promise.all(readers);
  const sharedTruth = new Map(truths.slice(3).flatMap((truth) => [...truth]));
  for (const mirror of mirrors[0] ?? []) expect(mirror).toEqual(sharedTruth);
  own.forEach((_, n) => {
    for (const mirror of mirrors[n + 1] ?? []) expect(mirror).toEqual(truths[n]);
  });
});
