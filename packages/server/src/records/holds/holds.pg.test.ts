import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunOfPage } from '../writing/commit-page.ts';
import { createTestDatabase, type TestDatabase } from '../../database/testing/create-test-database.ts';
import { createRecordFixture, outgoing, pageOfRecords, type RecordFixture } from '../testing/record-fixture.ts';

let server: TestDatabase;
beforeAll(async () => {
  server = await createTestDatabase();
});
afterAll(() => server.drop());

const airbag = { share: 0.2, atLeast: 2 };
const ids = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => String(from + n));
const pageOf = (names: readonly string[], v = 1) => pageOfRecords(names.map((id) => ({ id, v })));
const deleting = (deletedIds: string[]) => pageOfRecords([], { deletedIds });

async function startFilled(): Promise<{ fixture: RecordFixture; run: RunOfPage }> {
  const fixture = await createRecordFixture(server.database);
  await fixture.commit(pageOf(ids(1, 10)));
  return { fixture, run: await fixture.startRun() };
}

async function holdsOf(fixture: RecordFixture) {
  return await server.database
    .selectFrom('holds')
    .select(['id', 'status', 'record_count', 'live_count'])
    .where('dataset_id', '=', fixture.datasetId)
    .orderBy('id')
    .execute();
}

async function firstHold(fixture: RecordFixture): Promise<{ environmentId: number; id: number }> {
  return { environmentId: fixture.environmentId, id: Number((await holdsOf(fixture))[0]?.id) };
}

function approve(fixture: RecordFixture, hold: { environmentId: number; id: number }) {
  return server.database.transaction().execute((transaction) => fixture.store.approveHold(transaction, hold));
}

describe('deletions by absence', () => {
  test('that are too many are held whole, and everything stays live', async () => {
    const { fixture, run } = await startFilled();
    await fixture.commit(pageOf(ids(1, 7)), { run });
    expect(await fixture.finish(run, { airbag })).toEqual({ deleted: 0, held: 3 });
    expect(await fixture.list()).toHaveLength(10);
    expect(await holdsOf(fixture)).toMatchObject([{ status: 'pending', record_count: 3, live_count: 10 }]);
  });

  test('that are within the share happen', async () => {
    const { fixture, run } = await startFilled();
    await fixture.commit(pageOf(ids(1, 8)), { run });
    expect(await fixture.finish(run, { airbag })).toEqual({ deleted: 2, held: 0 });
    expect(await holdsOf(fixture)).toEqual([]);
  });

  test('are held when they are all there is, however few, and deleted where nothing is ever held', async () => {
    const fixture = await createRecordFixture(server.database);
    await fixture.commit(pageOf(['1']));
    const many = { share: 0.2, atLeast: 10 };
    expect(await fixture.finish(await fixture.startRun(), { airbag: many })).toEqual({ deleted: 0, held: 1 });
    expect(await fixture.finish(await fixture.startRun(), { airbag: null })).toEqual({ deleted: 1, held: 0 });
  });

  test('do not happen at the end of a run that is not complete', async () => {
    const { fixture, run } = await startFilled();
    expect(await fixture.finish(run, { isComplete: false })).toEqual({ deleted: 0, held: 0 });
    expect(await fixture.list()).toHaveLength(10);
  });

  test('spare what a webhook brought after the enumeration began, over a change of processes too', async () => {
    const { fixture, run } = await startFilled();
    await fixture.commit(pageOf(ids(1, 9)), { run });
    const late = { ...outgoing({ id: 'late', v: 1 }), observedMs: run.beganMs };
    await fixture.commit({ ...pageOfRecords([]), records: [late] });
    // Another process goes on with the generation.
    expect(await fixture.finish({ ...run, beganMs: run.beganMs + 1_000 })).toEqual({ deleted: 1, held: 0 });
    expect((await fixture.list()).map(({ id }) => id)).toEqual([...ids(1, 9), 'late']);
  });

  test('spare a record in quarantine, and everything when one there has no id', async () => {
    const { fixture, run } = await startFilled();
    const bad = (id: string | null) => ({ id, json: JSON.stringify({ id }), problems: [] });
    await fixture.commit(pageOfRecords([], { quarantined: [bad('10')] }), { run });
    await fixture.commit(pageOf(ids(1, 8)), { run });
    expect(await fixture.finish(run)).toEqual({ deleted: 1, held: 0 });
    const next = await fixture.startRun();
    await fixture.commit(pageOfRecords([], { quarantined: [bad(null)] }), { run: next });
    expect(await fixture.finish(next)).toEqual({ deleted: 0, held: 0 });
    expect(await fixture.list()).toHaveLength(9);
  });

  test('that wait are superseded by the next complete run', async () => {
    const { fixture, run } = await startFilled();
    expect(await fixture.finish(run, { airbag })).toMatchObject({ held: 10 });
    const next = await fixture.startRun();
    await fixture.commit(pageOf(ids(1, 10)), { run: next });
    await fixture.finish(next, { airbag, isComplete: false });
    expect(await holdsOf(fixture)).toMatchObject([{ status: 'pending' }]);
    const last = await fixture.startRun();
    await fixture.commit(pageOf(ids(1, 10)), { run: last });
    await fixture.finish(last, { airbag });
    expect(await holdsOf(fixture)).toMatchObject([{ status: 'superseded' }]);
    await expect(approve(fixture, await firstHold(fixture))).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('deletions in pages', () => {
  test('happen until the run would exceed its share; that page and all after it are held', async () => {
    const { fixture, run } = await startFilled();
    const options = { run, airbag, trackSightings: false };
    expect(await fixture.commit(deleting(['1']), options)).toMatchObject({ deleted: 1, held: 0 });
    expect(await fixture.commit(deleting(['2']), options)).toMatchObject({ deleted: 1, held: 0 });
    // A later attempt of the run: the count goes on.
    const later = { ...options, run: { ...run, generation: 2 } };
    expect(await fixture.commit(deleting(['3', '4']), later)).toMatchObject({ deleted: 0, held: 2 });
    expect(await fixture.commit(deleting(['3', '5']), later)).toMatchObject({ deleted: 0, held: 1 });
    expect(await holdsOf(fixture)).toMatchObject([{ status: 'pending', record_count: 3 }]);
    expect((await fixture.list()).map(({ id }) => id)).toEqual(ids(3, 10));
  });

  test('count the same when records say themselves that they are deleted', async () => {
    const { fixture, run } = await startFilled();
    const records = ids(1, 5).map((id, n) => ({ ...outgoing({ id, v: 2 }), isDeleted: n < 3 }));
    const counts = await fixture.commit({ ...pageOfRecords([]), records }, { run, airbag });
    expect(counts).toMatchObject({ updated: 2, unchanged: 3, deleted: 0, held: 3 });
    expect(await fixture.list()).toHaveLength(10);
  });
});

describe('a hold', () => {
  async function held(): Promise<{ fixture: RecordFixture; hold: { environmentId: number; id: number } }> {
    const { fixture, run } = await startFilled();
    await fixture.commit(pageOf(ids(1, 5)), { run });
    await fixture.finish(run, { airbag });
    return { fixture, hold: await firstHold(fixture) };
  }

  test('that is approved deletes what did not change since', async () => {
    const { fixture, hold } = await held();
    const { cursor } = await fixture.follow();
    await fixture.commit(pageOf(['6'], 2));
    await fixture.commit(deleting(['7']));
    expect(await approve(fixture, hold)).toEqual({ deleted: 3 });
    expect((await fixture.list()).map(({ id }) => id)).toEqual([...ids(1, 5), '6']);
    const { changes } = await fixture.follow(cursor);
    const told = new Map(changes.map(({ id, change }) => [id, change]));
    expect([told.get('6'), ...ids(7, 10).map((id) => told.get(id))]).toEqual([
      'updated',
      ...ids(7, 10).map(() => 'deleted'),
    ]);
    expect(changes).toHaveLength(5);
    expect(await holdsOf(fixture)).toMatchObject([{ status: 'approved' }]);
  });

  test('that two approve at once is approved once', async () => {
    const { fixture, hold } = await held();
    const results = await Promise.allSettled([1, 2, 3].map(() => approve(fixture, hold)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'conflict' });
    expect(await fixture.list()).toHaveLength(5);
  });

  test('that is discarded deletes nothing, and cannot be approved any more', async () => {
    const { fixture, hold } = await held();
    await server.database.transaction().execute((transaction) => fixture.store.discardHold(transaction, hold));
    await expect(approve(fixture, hold)).rejects.toMatchObject({ code: 'conflict' });
    expect(await fixture.list()).toHaveLength(10);
  });

  test('of another environment is not found', async () => {
    const { fixture, hold } = await held();
    const other = await createRecordFixture(server.database);
    const foreign = { ...hold, environmentId: other.environmentId };
    await expect(approve(fixture, foreign)).rejects.toMatchObject({ code: 'not_found' });
  });
});
