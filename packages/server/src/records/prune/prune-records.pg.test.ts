import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../database/testing/create-test-database.ts';
import { createRecordFixture, pageOfRecords } from '../testing/record-fixture.ts';
import { pruneRecords } from './prune-records.ts';

let server: TestDatabase;
beforeAll(async () => {
  server = await createTestDatabase();
});
afterAll(() => server.drop());

const later = new Date(Date.now() + 60_000).toISOString();

async function datasetOf(id: number) {
  return server.database
    .selectFrom('datasets')
    .select(['live_count', 'pruned_position', 'position'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
}

test('removes what was deleted before, over several batches, and nothing else', async () => {
  const fixture = await createRecordFixture(server.database);
  const { datasetId } = fixture;
  const ids = Array.from({ length: 4_500 }, (_, n) => String(n));
  await fixture.commit(pageOfRecords(ids.map((id) => ({ id }))));
  await fixture.commit(pageOfRecords([], { deletedIds: ids.slice(1) }));
  await server.database.updateTable('datasets').set({ live_count: 1 }).where('id', '=', datasetId).execute();
  expect(await pruneRecords(server.database, { datasetId, deletedBefore: '2020-01-01T00:00:00Z' })).toBe(0);
  expect(await pruneRecords(server.database, { datasetId, deletedBefore: later })).toBe(4_499);
  expect((await fixture.list({ includeDeleted: true })).map(({ id }) => id)).toEqual(['0']);
  const { live_count, pruned_position, position } = await datasetOf(datasetId);
  expect([live_count, pruned_position]).toEqual([1, position]);
});

test('removes live records that did not change since, and counts them out', async () => {
  const fixture = await createRecordFixture(server.database);
  const { datasetId } = fixture;
  await fixture.commit(pageOfRecords([{ id: '1' }, { id: '2' }]));
  await server.database.updateTable('datasets').set({ live_count: 2 }).where('id', '=', datasetId).execute();
  expect(await pruneRecords(server.database, { datasetId, updatedBefore: later })).toBe(2);
  expect(await datasetOf(datasetId)).toMatchObject({ live_count: 0 });
  expect(await pruneRecords(server.database, { datasetId })).toBe(0);
});

test('stops between two batches when nobody waits for it any more', async () => {
  const fixture = await createRecordFixture(server.database);
  await fixture.commit(pageOfRecords([{ id: '1' }]));
  const signal = AbortSignal.abort(new Error('gone'));
  const { datasetId } = fixture;
  await expect(pruneRecords(server.database, { datasetId, updatedBefore: later, signal })).rejects.toThrow('gone');
  expect(await fixture.list()).toHaveLength(1);
});
