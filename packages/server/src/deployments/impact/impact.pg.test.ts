import { noImpact } from '@tenon/runtime/contract';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../database/testing/create-test-database.ts';
import { createManifestSource } from '../manifest-source.ts';
import { pageOfRecords } from '../../records/testing/record-fixture.ts';
import { planAgainstActive } from '../plan-against-active.ts';
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
  await room.fixture.commit(pageOfRecords([{ id: 'a' }, { id: 'b' }, { id: 'c' }]));
});

function plan(...manifest: Parameters<typeof sandboxManifest>) {
  const { environmentId } = room.fixture;
  const context = { database: store.database, manifests: createManifestSource(store.database) };
  return planAgainstActive(context, { environmentId, manifest: sandboxManifest(...manifest) });
}

const retyped = {
  ...sampleIssueSchema,
  properties: { ...sampleIssueSchema.properties, priority: { type: 'string' } },
};

test('says what is read again and changes shape, and that nobody has counted its calls', async () => {
  const { changes, impact } = await plan({ models: [{ name: 'Issue', schema: retyped }] });
  expect(changes[0]?.reasons).toEqual(['model Issue: priority number -> string']);
  expect(impact).toEqual({
    ...noImpact,
    connectionsReadAgain: 1,
    recordsReadAgain: 3,
    recordsReshaped: 3,
    connectionsWithoutForecast: 1,
  });
  expect(changes[0]?.impact).toEqual(impact);
});

test('forecasts the calls as the median of what the latest full runs made', async () => {
  await store.database
    .updateTable('syncs')
    .set({ full_calls: [400, 18, 22] })
    .where('id', '=', room.fixture.syncId)
    .execute();
  const { impact } = await plan({ models: [{ name: 'Issue', schema: retyped }] });
  expect(impact).toMatchObject({ providerCalls: 22, connectionsWithoutForecast: 0 });
});

test('counts schedules that stop, and records that go with their sync', async () => {
  expect((await plan({ schedule: null })).impact).toEqual({ ...noImpact, schedulesStopping: 1 });
  const { impact, hints } = await plan({ name: 'tickets', models: [{ name: 'Ticket', schema: sampleIssueSchema }] });
  expect(impact).toMatchObject({ recordsRemoved: 3, schedulesStopping: 1, schedulesStarting: 1 });
  expect(hints).toHaveLength(2);
});

test('counts who must consent again, what waits for approval and what is in quarantine', async () => {
  const { fixture } = room;
  await store.database
    .updateTable('connections')
    .set({ scopes: ['read'] })
    .where('environment_id', '=', fixture.environmentId)
    .execute();
  await store.database
    .updateTable('datasets')
    .set({ quarantined_count: 2 })
    .where('id', '=', fixture.datasetId)
    .execute();
  await store.database
    .insertInto('holds')
    .values({
      environment_id: fixture.environmentId,
      sync_id: fixture.syncId,
      dataset_id: fixture.datasetId,
      run_id: crypto.randomUUID(),
      record_count: 7,
      live_count: 9,
      created_at: new Date(),
      decided_at: null,
    })
    .execute();
  const { impact } = await plan({ timeoutMs: 5_000 }, { scopes: ['read', 'repo'] });
  expect(impact).toEqual({ ...noImpact, consentsNeeded: 1, deletionsHeld: 7, recordsQuarantined: 2 });
});

test('under a new name it counts what the old one has', async () => {
  const { impact, changes } = await plan({
    name: 'tickets',
    renamedFrom: 'issues',
    models: [{ name: 'Ticket', schema: retyped, renamedFrom: 'Issue' }],
  });
  expect(changes.map(({ action, kind }) => `${action} ${kind}`)).toEqual(['rename sync', 'rename model']);
  expect(impact).toMatchObject({ connectionsReadAgain: 1, recordsReadAgain: 3, recordsRemoved: 0 });
});
