import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../database/testing/create-test-database.ts';
import { createRecordFixture, pageOfRecords, type RecordFixture } from './testing/record-fixture.ts';

let server: TestDatabase;
beforeAll(async () => {
  server = await createTestDatabase();
});
afterAll(() => server.drop());

/** As retention does it: deletions up to a position are gone. */
async function removeDeletions({ datasetId }: RecordFixture, upTo: number): Promise<void> {
  const { database } = server;
  await database
    .deleteFrom('records')
    .where('dataset_id', '=', datasetId)
    .where('deleted_at', 'is not', null)
    .where('position', '<=', upTo)
    .execute();
  await database.updateTable('datasets').set({ pruned_position: upTo }).where('id', '=', datasetId).execute();
}

test('a reader who stands before a removed deletion starts over, one after it reads on', async () => {
  const fixture = await createRecordFixture(server.database);
  await fixture.commit(pageOfRecords([{ id: '1' }, { id: '2' }]));
  const { cursor: early } = await fixture.follow();
  await fixture.commit(pageOfRecords([], { deletedIds: ['1'] }));
  const { cursor: late } = await fixture.follow();
  await removeDeletions(fixture, 3);
  await expect(fixture.changes(early)).rejects.toMatchObject({ code: 'cursor_expired' });
  expect((await fixture.changes(late)).items).toEqual([]);
  expect((await fixture.follow()).changes.map(({ id }) => id)).toEqual(['2']);
});

test('a reader who set out from the start after the removal gets through on small pages', async () => {
  const fixture = await createRecordFixture(server.database);
  await fixture.commit(pageOfRecords([{ id: '1' }, { id: '2' }, { id: '3' }]));
  await fixture.commit(pageOfRecords([], { deletedIds: ['1'] }));
  await removeDeletions(fixture, 4);
  expect((await fixture.follow(undefined, 1)).changes.map(({ id }) => id)).toEqual(['2', '3']);
});

test('a reader who was on its way when a deletion of what it had met was removed starts over', async () => {
  const fixture = await createRecordFixture(server.database);
  await fixture.commit(pageOfRecords([{ id: '1' }, { id: '2' }, { id: '3' }]));
  const { nextCursor } = await fixture.changes(undefined, 1);
  await fixture.commit(pageOfRecords([], { deletedIds: ['1'] }));
  await removeDeletions(fixture, 4);
  await expect(fixture.changes(nextCursor)).rejects.toMatchObject({ code: 'cursor_expired' });
});
