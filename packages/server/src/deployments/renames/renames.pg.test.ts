import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../database/testing/create-test-database.ts';
import { pageOfRecords } from '../../records/testing/record-fixture.ts';
import { activateDeployment } from '../activate-deployment.ts';
import { hashOf, sampleIssueSchema } from '../testing/sample-manifest.ts';
import { openDeploymentRoom, sandboxManifest, type DeploymentRoom } from '../testing/deployment-room.ts';
import { uploadBundle } from '../upload-bundle.ts';

let store: TestDatabase;
let room: DeploymentRoom;
beforeAll(async () => {
  store = await createTestDatabase();
  await uploadBundle(store.database, { hash: hashOf('sync code'), code: 'sync code' });
});
afterAll(() => store.drop());
beforeEach(async () => {
  room = await openDeploymentRoom(store.database);
  await room.deploy(sandboxManifest());
  await room.fixture.commit(pageOfRecords([{ id: 'a' }, { id: 'b' }]));
  await room.setCursor('2026-01-01');
  await store.database.updateTable('syncs').set({ paused: true }).where('id', '=', room.fixture.syncId).execute();
});

const everything = sandboxManifest(
  {
    name: 'tickets',
    renamedFrom: 'issues',
    models: [{ name: 'Ticket', schema: sampleIssueSchema, renamedFrom: 'Issue' }],
  },
  { name: 'desk', renamedFrom: 'sandbox' },
);

async function stored() {
  const { syncId, datasetId } = room.fixture;
  const row = await store.database
    .selectFrom('syncs')
    .innerJoin('connections', 'connections.id', 'syncs.connection_id')
    .innerJoin('datasets', 'datasets.connection_id', 'connections.id')
    .select(['connections.integration', 'syncs.integration as of', 'syncs.sync', 'syncs.paused', 'datasets.model'])
    .where('syncs.id', '=', syncId)
    .where('datasets.id', '=', datasetId)
    .executeTakeFirstOrThrow();
  return { ...row, cursor: await room.cursor() };
}

test('an integration, a sync and a model with new names keep records, cursor, pause and places in the feed', async () => {
  const { cursor } = await room.fixture.follow();
  const { deployment } = await room.deploy(everything);
  expect(deployment.changes).toEqual({ created: 0, updated: 0, deleted: 0, renamed: 3 });
  expect(await stored()).toEqual({
    integration: 'desk',
    of: 'desk',
    sync: 'tickets',
    paused: true,
    model: 'Ticket',
    cursor: '2026-01-01',
  });
  expect((await room.fixture.follow(cursor)).changes).toEqual([]);
  expect(await room.fixture.list()).toHaveLength(2);
  const syncs = await store.database
    .selectFrom('syncs')
    .select('id')
    .where('environment_id', '=', room.fixture.environmentId)
    .execute();
  expect(syncs).toHaveLength(1);
});

test('going back gives the old names back', async () => {
  await room.deploy(everything);
  await activateDeployment(store.database, { environmentId: room.fixture.environmentId, version: 1 });
  expect(await stored()).toMatchObject({
    integration: 'sandbox',
    sync: 'issues',
    model: 'Issue',
    cursor: '2026-01-01',
  });
});

test('a run that waits is of the new name, and runs the new code', async () => {
  const run = await room.fixture.startRun();
  await store.database.updateTable('runs').set({ status: 'queued' }).where('id', '=', run.id).execute();
  await room.deploy(everything);
  expect(
    await store.database
      .selectFrom('runs')
      .select(['integration', 'function', 'version', 'cursor_epoch'])
      .where('id', '=', run.id)
      .executeTakeFirst(),
  ).toEqual({ integration: 'desk', function: 'tickets', version: 2, cursor_epoch: 1 });
});

test('what an earlier sync of the new name has left stays, under the old name', async () => {
  await room.deploy(sandboxManifest({ name: 'tickets' }), { allowDestructive: true });
  await room.deploy(sandboxManifest(), { allowDestructive: true });
  await room.deploy(sandboxManifest({ name: 'tickets', renamedFrom: 'issues' }));
  expect(await stored()).toMatchObject({ sync: 'tickets', cursor: '2026-01-01' });
  const names = await store.database
    .selectFrom('syncs')
    .select('sync')
    .where('environment_id', '=', room.fixture.environmentId)
    .orderBy('sync')
    .execute();
  expect(names.map(({ sync }) => sync)).toEqual(['issues', 'tickets']);
});
