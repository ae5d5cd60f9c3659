import { randomUUID } from 'node:crypto';
import type { Page } from '@tenon/runtime/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../database/testing/create-test-database.ts';
import { listChanges } from '../reading/list-changes.ts';
import { createHistory, type HistoryFixture } from '../testing/history-fixture.ts';
import { createRecordFixture, type RecordFixture } from '../testing/record-fixture.ts';
import { listRecordHistory } from './list-record-history.ts';
import { listRunChanges } from './list-run-changes.ts';
import { listRunDifferences } from './list-run-differences.ts';

let server: TestDatabase;
let fixture: RecordFixture;
let history: HistoryFixture;
/** Runs. */
let a: string;
let b: string;
let c: string;
beforeAll(async () => {
  server = await createTestDatabase();
});
beforeEach(async () => {
  [a, b, c] = [randomUUID(), randomUUID(), randomUUID()];
  fixture = await createRecordFixture(server.database);
  history = createHistory(server.database, fixture.datasetId);
});
afterAll(() => server.drop());

/** Reads a list on pages of one item, which must be the same as in one go. */
async function readAll<Item>(read: (page: { cursor?: string; limit: number }) => Promise<Page<Item>>): Promise<Item[]> {
  const whole = await read({ limit: 100 });
  expect(whole.nextCursor).toBeNull();
  const items: Item[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await read({ limit: 1, ...(cursor !== undefined && { cursor }) });
    items.push(...page.items);
    cursor = page.nextCursor;
  }
  expect(items).toEqual(whole.items);
  return items;
}

const historyOf = (id: string) =>
  readAll((page) => listRecordHistory(server.database, { datasetId: fixture.datasetId, id, ...page }));

async function forgetVersionsUpTo(position: number): Promise<void> {
  await server.database
    .deleteFrom('record_versions')
    .where('dataset_id', '=', fixture.datasetId)
    .where('until_position', '<=', position)
    .execute();
}

describe('the history of a record', () => {
  it('shows each version with what changed and which run wrote it, newest first', async () => {
    await history.write(a, { x: { id: 'x', n: 1 }, other: { id: 'other' } });
    await history.write(b, { x: { id: 'x', n: 2, author: { login: 'ada' } } });
    await history.write(b, { x: null });
    await history.write(c, { x: { id: 'x', n: 3 } });
    expect(await historyOf('x')).toMatchObject([
      { change: 'added', changedPaths: ['id', 'n'], data: { n: 3 }, runId: c },
      { change: 'deleted', changedPaths: [], data: null, runId: b },
      { change: 'updated', changedPaths: ['n', 'author'], data: { n: 2 }, runId: b },
      { change: 'added', changedPaths: ['id', 'n'], data: { n: 1 }, runId: a },
    ]);
    expect(await historyOf('never')).toEqual([]);
  });

  it('does not know what changed against a version that is no longer kept', async () => {
    await history.write(a, { x: { n: 1 } });
    await history.write(b, { x: { n: 2 } });
    await history.write(c, { x: { n: 3 } });
    await forgetVersionsUpTo(2);
    await server.database.deleteFrom('run_writes').where('run_id', '=', b).execute();
    expect(await historyOf('x')).toMatchObject([
      { change: 'updated', changedPaths: ['n'], runId: c },
      { change: 'updated', changedPaths: null, runId: null },
    ]);
  });
});

describe('what a run changed', () => {
  const changesOf = (runId: string) => readAll((page) => listRunChanges(server.database, { runId, ...page }));

  it('is each record before the run and after it, whatever came later', async () => {
    await history.write(a, { x: { n: 1 }, y: { n: 1 }, z: { n: 1 } });
    await history.write(b, { x: { n: 2 }, z: null });
    await history.write(b, { w: { n: 1 }, x: { n: 3 } });
    await history.write(c, { x: { n: 4 }, w: null, y: { n: 2 } });
    expect(await changesOf(b)).toEqual([
      { model: 'Issue', id: 'z', change: 'deleted', changedPaths: [], before: { n: 1 }, after: null },
      { model: 'Issue', id: 'w', change: 'added', changedPaths: ['n'], before: null, after: { n: 1 } },
      { model: 'Issue', id: 'x', change: 'updated', changedPaths: ['n'], before: { n: 1 }, after: { n: 3 } },
    ]);
    expect((await changesOf(a)).map(({ change }) => change)).toEqual(['added', 'added', 'added']);
    expect(await changesOf(randomUUID())).toEqual([]);
  });

  it('leaves open what was there before, when that is no longer kept', async () => {
    await history.write(a, { x: { n: 1 } });
    await history.write(b, { x: { n: 2 } });
    await forgetVersionsUpTo(2);
    expect(await changesOf(b)).toMatchObject([
      { id: 'x', change: 'updated', changedPaths: null, before: null, after: { n: 2 } },
    ]);
  });
});

describe('the difference between two runs', () => {
  async function differenceOf(first: string, second: string) {
    const row = await server.database
      .selectFrom('runs')
      .select(['id', 'sync_id', 'connection_id'])
      .where('id', 'in', [first, second])
      .execute();
    const [run, other] = [first, second].map((id) => row.find((one) => one.id === id));
    if (!run || !other) throw new Error('There is no such run.');
    return readAll((page) => listRunDifferences(server.database, { run, other, ...page }));
  }

  async function finishedRun(): Promise<string> {
    const { id } = await fixture.startRun();
    await server.database
      .updateTable('runs')
      .set({ sync_id: fixture.syncId, finished_at: new Date(), status: 'succeeded' })
      .where('id', '=', id)
      .execute();
    return id;
  }

  it('is what differs between their ends, in either direction', async () => {
    const [first, second, third] = [await finishedRun(), await finishedRun(), await finishedRun()];
    await history.write(first, { a: { n: 1 }, b: { n: 1 }, c: { n: 1 }, d: { n: 1 } });
    await history.write(second, { a: { n: 2 }, c: null, d: { n: 2 }, e: { n: 1 } });
    await history.write(third, { a: { n: 3 }, d: { n: 1 }, c: { n: 9 }, e: null });
    expect(await differenceOf(first, second)).toEqual([
      { model: 'Issue', id: 'a', change: 'updated', changedPaths: ['n'], before: { n: 1 }, after: { n: 2 } },
      { model: 'Issue', id: 'c', change: 'deleted', changedPaths: [], before: { n: 1 }, after: null },
      { model: 'Issue', id: 'd', change: 'updated', changedPaths: ['n'], before: { n: 1 }, after: { n: 2 } },
      { model: 'Issue', id: 'e', change: 'added', changedPaths: ['n'], before: null, after: { n: 1 } },
    ]);
    expect(await differenceOf(first, third)).toMatchObject([
      { id: 'a', before: { n: 1 }, after: { n: 3 } },
      { id: 'c', before: { n: 1 }, after: { n: 9 } },
    ]);
    expect(await differenceOf(third, first)).toMatchObject([
      { id: 'a', before: { n: 3 }, after: { n: 1 } },
      { id: 'c', before: { n: 9 }, after: { n: 1 } },
    ]);
    expect(await differenceOf(second, second)).toEqual([]);
  });

  it('says when a state is no longer kept', async () => {
    const [first, second] = [await finishedRun(), await finishedRun()];
    await history.write(first, { a: { n: 1 } });
    await history.write(second, { a: { n: 2 } });
    await forgetVersionsUpTo(2);
    expect(await differenceOf(first, second)).toMatchObject([
      { id: 'a', change: 'updated', changedPaths: null, before: null, after: { n: 2 } },
    ]);
  });

  it('refuses runs of different syncs, and a cursor of nobody', async () => {
    const run = { id: a, sync_id: 1, connection_id: 1 };
    const other = { ...run, sync_id: 2 };
    const refused = { code: 'request_invalid' };
    await expect(listRunDifferences(server.database, { run, other, limit: 1 })).rejects.toMatchObject(refused);
    await expect(listRunDifferences(server.database, { run, other: run, limit: 1, cursor: 'x' })).rejects.toMatchObject(
      refused,
    );
  });
});

describe('changed paths in the feed', () => {
  async function changes(cursor?: string, limit = 100) {
    const { datasetId } = fixture;
    const text = await listChanges(server.database, { datasetId, cursor, limit, paths: true });
    const page = JSON.parse(text) as { items: { id: string; changedPaths: string[] | null }[]; nextCursor: string };
    return { paths: Object.fromEntries(page.items.map((item) => [item.id, item.changedPaths])), next: page.nextCursor };
  }

  it('are those against what the reader saw last, however often the record changed since', async () => {
    await history.write(a, { x: { n: 1, m: 1 }, y: { n: 1 }, z: { n: 1 } });
    const { paths, next } = await changes();
    expect(paths).toEqual({ x: ['m', 'n'], y: ['n'], z: ['n'] });
    await history.write(b, { x: { n: 2, m: 1 }, z: { n: 2 } });
    await history.write(c, { x: { n: 2, m: 2 }, y: null, z: { n: 1 } });
    expect((await changes(next)).paths).toEqual({ x: ['m', 'n'], y: [], z: [] });
  });

  it('are null when that version is no longer kept', async () => {
    await history.write(a, { x: { n: 1 } });
    const { next } = await changes();
    await history.write(b, { x: { n: 2 } });
    await forgetVersionsUpTo(2);
    expect((await changes(next)).paths).toEqual({ x: null });
  });

  it('miss nothing for a reader on its way, who may have met a version in between', async () => {
    await history.write(a, { w: { n: 0 }, x: { n: 1 }, y: { n: 1 } });
    const { next } = await changes();
    await history.write(b, { x: { n: 2 }, y: { n: 2 } });
    const onTheWay = await changes(next, 1);
    expect(onTheWay.paths).toEqual({ x: ['n'] });
    // Back to what it was at the end of the feed, but the reader has met n = 2.
    await history.write(c, { x: { n: 1 } });
    expect((await changes(onTheWay.next)).paths).toEqual({ y: ['n'], x: ['n'] });
  });
});
