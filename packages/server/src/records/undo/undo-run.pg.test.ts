import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../database/testing/create-test-database.ts';
import { createRecordFixture, pageOfRecords, type RecordFixture } from '../testing/record-fixture.ts';
import type { RunOfPage } from '../writing/commit-page.ts';
import { undoRun } from './undo-run.ts';

let server: TestDatabase;
beforeAll(async () => {
  server = await createTestDatabase();
});
afterAll(() => server.drop());

const pageOf = (values: Record<string, number>, deletedIds: string[] = []) =>
  pageOfRecords(
    Object.entries(values).map(([id, v]) => ({ id: `r${id}`, v })),
    { deletedIds: deletedIds.map((id) => `r${id}`) },
  );

async function commitRun(fixture: RecordFixture, ...pages: Array<ReturnType<typeof pageOf>>): Promise<RunOfPage> {
  const run = await fixture.startRun();
  for (const page of pages) await fixture.commit(page, { run, trackSightings: false });
  await fixture.endRun(run);
  return run;
}

const undo = (fixture: RecordFixture, runId: string) =>
  undoRun(
    { database: server.database, now: Date.now, newRunId: () => crypto.randomUUID() },
    { environmentId: fixture.environmentId, runId },
  );

async function stored(fixture: RecordFixture): Promise<Record<string, unknown>> {
  return Object.fromEntries((await fixture.list()).map(({ id, data }) => [id.slice(1), data['v']]));
}

test('what a run added goes, what it changed or deleted is as before, and the feed tells of it', async () => {
  const fixture = await createRecordFixture(server.database);
  await commitRun(fixture, pageOf({ 1: 1, 2: 1, 3: 1 }));
  const run = await commitRun(fixture, pageOf({ 1: 2, 4: 1 }, ['2']), pageOf({ 1: 3, 4: 2 }));
  const { cursor } = await fixture.follow();
  const undone = await undo(fixture, run.id);
  expect(undone).toMatchObject({ restored: 2, deleted: 1, skipped: 0 });
  expect(await stored(fixture)).toEqual({ 1: 1, 2: 1, 3: 1 });
  const { changes } = await fixture.follow(cursor);
  expect(changes.map(({ id, change }) => [id, change]).sort()).toEqual([
    ['r1', 'updated'],
    ['r2', 'added'],
    ['r4', 'deleted'],
  ]);
  const row = await server.database.selectFrom('runs').selectAll().where('id', '=', undone.runId).executeTakeFirst();
  expect(row).toMatchObject({
    trigger: 'undo',
    status: 'succeeded',
    parent_run_id: run.id,
    counts: { updated: 1, added: 1, deleted: 1 },
  });
});

test('what a later run changed stays, and is counted', async () => {
  const fixture = await createRecordFixture(server.database);
  await commitRun(fixture, pageOf({ 1: 1, 2: 1 }));
  const run = await commitRun(fixture, pageOf({ 1: 2, 2: 2, 3: 1 }));
  await commitRun(fixture, pageOf({ 1: 3, 3: 2 }));
  expect(await undo(fixture, run.id)).toMatchObject({ restored: 1, deleted: 0, skipped: 2 });
  expect(await stored(fixture)).toEqual({ 1: 3, 2: 1, 3: 2 });
});

test('of changes of two runs in turns, only the last of the run are taken back', async () => {
  const fixture = await createRecordFixture(server.database);
  await commitRun(fixture, pageOf({ 1: 1 }));
  const run = await fixture.startRun();
  await fixture.commit(pageOf({ 1: 2 }), { run, trackSightings: false });
  await commitRun(fixture, pageOf({ 1: 3 }));
  await fixture.commit(pageOf({ 1: 4 }), { run, trackSightings: false });
  await fixture.commit(pageOf({ 1: 5 }), { run, trackSightings: false });
  await fixture.endRun(run);
  await undo(fixture, run.id);
  expect(await stored(fixture)).toEqual({ 1: 3 });
});

test('an undoing can be undone, and a second one finds nothing to do', async () => {
  const fixture = await createRecordFixture(server.database);
  await commitRun(fixture, pageOf({ 1: 1, 2: 1 }));
  const run = await commitRun(fixture, pageOf({ 1: 2, 3: 1 }, ['2']));
  const { runId } = await undo(fixture, run.id);
  expect(await undo(fixture, run.id)).toMatchObject({ restored: 0, deleted: 0, skipped: 3 });
  await undo(fixture, runId);
  expect(await stored(fixture)).toEqual({ 1: 2, 3: 1 });
});

test('what a run deleted by approval is brought back with it', async () => {
  const fixture = await createRecordFixture(server.database);
  await commitRun(fixture, pageOf({ 1: 1, 2: 1 }));
  const run = await fixture.startRun();
  await fixture.finish(run, { airbag: { share: 0.2, atLeast: 1 } });
  await fixture.endRun(run);
  const hold = await server.database.selectFrom('holds').select('id').where('run_id', '=', run.id).executeTakeFirst();
  const given = { environmentId: fixture.environmentId, id: Number(hold?.id) };
  await server.database.transaction().execute((transaction) => fixture.store.approveHold(transaction, given));
  expect(await stored(fixture)).toEqual({});
  expect(await undo(fixture, run.id)).toMatchObject({ restored: 2 });
  expect(await stored(fixture)).toEqual({ 1: 1, 2: 1 });
});

test('without history, what was added goes and what was changed stays, counted', async () => {
  const fixture = await createRecordFixture(server.database, { keepHistory: false });
  await commitRun(fixture, pageOf({ 1: 1, 2: 1 }));
  const run = await commitRun(fixture, pageOf({ 1: 2, 3: 1 }, ['2']));
  expect(await undo(fixture, run.id)).toMatchObject({ restored: 0, deleted: 1, skipped: 2 });
  expect(await stored(fixture)).toEqual({ 1: 2 });
});

test('a run that is not over, of another environment, or of an action cannot be undone', async () => {
  const fixture = await createRecordFixture(server.database);
  const run = await fixture.startRun();
  await expect(undo(fixture, run.id)).rejects.toMatchObject({ code: 'conflict' });
  await expect(undo(fixture, crypto.randomUUID())).rejects.toMatchObject({ code: 'not_found' });
  const other = await createRecordFixture(server.database);
  await expect(undo(other, run.id)).rejects.toMatchObject({ code: 'not_found' });
  await server.database
    .updateTable('runs')
    .set({ kind: 'action', status: 'failed' })
    .where('id', '=', run.id)
    .execute();
  await expect(undo(fixture, run.id)).rejects.toMatchObject({ code: 'conflict' });
});
