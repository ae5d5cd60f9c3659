import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../database/testing/create-test-database.ts';
import { createTimeOrderedIds } from '../../database/time-ordered-ids.ts';
import { claimRun } from '../../engine/runs/queries/claim-run.ts';
import { openKillingDatabase } from '../../records/testing/killing-database.ts';
import { pageOfRecords } from '../../records/testing/record-fixture.ts';
import { createDeployment } from '../create-deployment.ts';
import { startServerProcess } from '../../testing/server-process.ts';
import { hashOf } from '../testing/sample-manifest.ts';
import { openDeploymentRoom, sandboxManifest, type DeploymentRoom } from '../testing/deployment-room.ts';
import { uploadBundle } from '../upload-bundle.ts';
import { createRollbacks } from './create-rollbacks.ts';
import { rollbackData } from './rollback-data.ts';

let store: TestDatabase;
let killer: Client;
let room: DeploymentRoom;
beforeAll(async () => {
  store = await createTestDatabase();
  killer = new Client({ connectionString: store.connectionString });
  await killer.connect();
  await uploadBundle(store.database, { hash: hashOf('sync code'), code: 'sync code' });
});
afterAll(async () => {
  await killer.end();
  await store.drop();
});
beforeEach(async () => {
  room = await prepare();
});

const issue = (id: string, title: string) => ({ id, title });
const bad = sandboxManifest({ timeoutMs: 5_000 });

/** Version 1 has read three issues; version 2 spoils one, deletes one, adds one and moves the cursor. */
async function prepare(): Promise<DeploymentRoom> {
  const made = await openDeploymentRoom(store.database);
  const { fixture } = made;
  await made.deploy(sandboxManifest());
  const good = await fixture.startRun();
  await fixture.commit(pageOfRecords([issue('a', 'one'), issue('b', 'two'), issue('c', 'three')]), { run: good });
  await fixture.endRun(good);
  await made.setCursor('early');
  await made.deploy(bad);
  const spoiling = await fixture.startRun();
  await fixture.commit(pageOfRecords([issue('a', 'rubbish'), issue('d', 'rubbish')], { deletedIds: ['b'] }), {
    run: spoiling,
  });
  await fixture.endRun(spoiling);
  await made.setCursor('late');
  return made;
}

const rollbacks = (keepHistory = true) => createRollbacks({ database: store.database, now: Date.now, keepHistory });
const back = () => ({ environmentId: room.fixture.environmentId, version: 1, baseVersion: 2, data: true });

async function state({ fixture, cursor }: DeploymentRoom) {
  const { active_version: version } = await store.database
    .selectFrom('environments')
    .select('active_version')
    .where('id', '=', fixture.environmentId)
    .executeTakeFirstOrThrow();
  const records = (await fixture.list()).map(({ id, data }) => [id, data['title']]);
  return { version, cursor: await cursor(), records: records.sort() };
}

const early = {
  version: 1,
  cursor: 'early',
  records: [
    ['a', 'one'],
    ['b', 'two'],
    ['c', 'three'],
  ],
};

test('counts first, then takes records and cursor back, and tells readers of the feed', async () => {
  const place = (await room.fixture.follow()).cursor;
  const { data, plan } = await rollbacks().plan(back());
  expect(plan).toMatchObject({ baseVersion: 2, changes: [{ reasons: ['timeout 5s -> 1h'] }] });
  expect(data).toMatchObject({
    connections: 1,
    runs: 1,
    recordsRestored: 2,
    recordsDeleted: 1,
    cursorsRestored: 1,
    refused: null,
  });
  const outcome = await rollbacks().rollBack(back());
  expect(outcome).toMatchObject({ deployment: { version: 1, active: true } });
  expect(outcome.data).toEqual({ recordsRestored: 2, recordsDeleted: 1, cursorsRestored: 1, runsCancelled: 0 });
  expect(await state(room)).toEqual(early);
  const told = (await room.fixture.follow(place)).changes.map(({ id, change }) => [id, change]);
  expect(told.sort()).toEqual([
    ['a', 'updated'],
    ['b', 'added'],
    ['d', 'deleted'],
  ]);
});

test('a second time it finds nothing to do, and forward again brings the later records back', async () => {
  await rollbacks().rollBack(back());
  await expect(rollbacks().rollBack(back())).rejects.toMatchObject({ code: 'plan_stale' });
  await rollbacks().rollBack({ ...back(), version: 2, baseVersion: 1 });
  expect(await state(room)).toMatchObject({ version: 2, cursor: 'late' });
  expect((await state(room)).records).toContainEqual(['d', 'rubbish']);
});

test('a run under way is ended, its next page is refused, and no sync begins until all is done', async () => {
  const { fixture } = room;
  const run = await fixture.startRun();
  await store.database
    .insertInto('data_rollbacks')
    .values({
      environment_id: fixture.environmentId,
      activation_id: 0,
      from_version: 2,
      to_version: 9,
      counts: '{}',
      finished_at: null,
    })
    .execute();
  const waiting = await fixture.startRun();
  await store.database.updateTable('runs').set({ status: 'queued' }).where('id', '=', waiting.id).execute();
  const claim = () => claimRun(store.database, { runId: waiting.id, owner: 'test', now: new Date() });
  expect(await claim()).toBeUndefined();
  await expect(rollbacks().rollBack(back())).rejects.toMatchObject({ code: 'conflict' });
  await expect(room.deploy(sandboxManifest())).rejects.toMatchObject({ code: 'conflict' });
  await store.database.deleteFrom('data_rollbacks').where('environment_id', '=', fixture.environmentId).execute();

  const outcome = await rollbacks().rollBack(back());
  expect(outcome.data?.runsCancelled).toBe(2);
  const rows = await store.database
    .selectFrom('runs')
    .select(['status', 'owner'])
    .where('id', 'in', [run.id, waiting.id])
    .execute();
  expect(rows).toEqual([
    { status: 'cancelled', owner: null },
    { status: 'cancelled', owner: null },
  ]);
});

test('an event that the app forwarded is queued again, for the code that is active then', async () => {
  const { fixture } = room;
  const [running, waiting, done] = [await fixture.startRun(), await fixture.startRun(), await fixture.startRun()];
  const events = store.database.updateTable('runs').set({ lane: 'webhook', event: '{"body":1}', version: 2 });
  await events.where('id', 'in', [running.id, waiting.id, done.id]).execute();
  await store.database.updateTable('runs').set({ status: 'queued' }).where('id', '=', waiting.id).execute();
  await fixture.endRun(done);
  expect((await rollbacks().rollBack(back())).data).toMatchObject({ runsCancelled: 0 });
  const rows = await store.database
    .selectFrom('runs')
    .select(['id', 'status', 'version', 'owner', 'finished_at', 'event'])
    .where('id', 'in', [running.id, waiting.id, done.id])
    .execute();
  const again = { status: 'queued', version: 1, owner: null, finished_at: null, event: { body: 1 } };
  expect(rows).toHaveLength(3);
  expect(rows).toContainEqual({ id: running.id, ...again });
  expect(rows).toContainEqual({ id: waiting.id, ...again });
  expect(rows).toContainEqual(expect.objectContaining({ id: done.id, status: 'succeeded', version: 2 }));
});

test('a preview is taken back alone, and its parent keeps what it has', async () => {
  const parent = await prepare();
  const { environmentId } = room.fixture;
  await store.database
    .updateTable('environments')
    .set({ parent_id: parent.fixture.environmentId, expires_at: new Date(Date.now() + 3_600_000), ttl_ms: 3_600_000 })
    .where('id', '=', environmentId)
    .execute();
  const lender = store.database.selectFrom('connections').select('id');
  await store.database
    .updateTable('connections')
    .set({ lender_id: lender.where('environment_id', '=', parent.fixture.environmentId), credentials: null })
    .where('environment_id', '=', environmentId)
    .execute();
  const before = await state(parent);
  expect((await rollbacks().rollBack(back())).data).toMatchObject({ recordsRestored: 2, recordsDeleted: 1 });
  expect(await state(room)).toEqual(early);
  expect(await state(parent)).toEqual(before);
});

test('a server that starts goes on with what was interrupted', async () => {
  const newRunId = createTimeOrderedIds(Date.now);
  const { environmentId } = room.fixture;
  const place = { environmentId, version: 1, baseVersion: 2 };
  // Ended later and later, until the version is active and the records are not there yet.
  for (let statement = 12; (await state(room)).version === 2; statement += 3) {
    const killing = openKillingDatabase(store, { killer, at: { statement, moment: 'after' } });
    const context = { database: killing.database, now: Date.now, keepHistory: true, newRunId };
    await rollbackData(context, place).catch(() => undefined);
  }
  const unfinished = () =>
    store.database.selectFrom('data_rollbacks').select('id').where('finished_at', 'is', null).execute();
  expect(await unfinished()).toHaveLength(1);
  expect(await state(room)).toMatchObject({ version: 1, cursor: 'early' });
  expect((await state(room)).records).not.toEqual(early.records);

  // These have no secrets that a key could open; nothing asks for them here.
  await sql`update connections set credentials = null, lender_id = id where lender_id is null`.execute(store.database);
  await sql`update syncs set paused = true`.execute(store.database);
  const directory = await mkdtemp(join(tmpdir(), 'tenon-rollback-'));
  const server = startServerProcess(directory, {
    DATABASE_URL: store.connectionString,
    TENON_ENVIRONMENT: 'dev',
    TENON_API_KEY: 'a'.repeat(40),
    TENON_ENCRYPTION_KEY: Buffer.alloc(32, 1).toString('base64'),
  });
  try {
    expect(await server.ready, server.stderr()).toBeDefined();
    await expect.poll(unfinished, { timeout: 60_000 }).toEqual([]);
    expect(await state(room)).toEqual(early);
  } finally {
    server.child.kill('SIGTERM');
    await server.exited;
    await rm(directory, { recursive: true, force: true });
  }
}, 120_000);

describe('what cannot be taken back', () => {
  test('is refused when history was pruned, and says what is possible', async () => {
    await store.database.deleteFrom('record_versions').where('dataset_id', '=', room.fixture.datasetId).execute();
    expect((await rollbacks().plan(back())).data?.refused).toContain('no longer kept');
    await expect(rollbacks().rollBack(back())).rejects.toMatchObject({
      code: 'history_pruned',
      exitCode: 12,
      hint: expect.stringContaining('code alone'),
    });
    expect(await state(room)).toMatchObject({ version: 2, cursor: 'late' });
  });

  test('is refused when it is not known which runs wrote, when nothing is kept, and when nobody knows the time', async () => {
    await expect(rollbacks(false).rollBack(back())).rejects.toMatchObject({ code: 'history_pruned' });
    await store.database.deleteFrom('run_writes').where('dataset_id', '=', room.fixture.datasetId).execute();
    await expect(rollbacks().rollBack(back())).rejects.toMatchObject({ code: 'history_pruned' });
    await store.database.deleteFrom('activations').where('environment_id', '=', room.fixture.environmentId).execute();
    await expect(rollbacks().rollBack(back())).rejects.toMatchObject({ code: 'history_pruned' });
  });
});

/**
 * Does the work again and again, ended after one of its statements: executed, and nobody got its answer. Every third
 * one, beginning at another one each, is a point in each part of the work.
 */
async function killEverywhere(
  first: number,
  work: (database: TestDatabase['database'], room: DeploymentRoom) => Promise<unknown>,
  check: (room: DeploymentRoom, where: string) => Promise<void>,
): Promise<number> {
  let points = 0;
  for (let statement = first; ; statement += 3) {
    const made = await prepare();
    const killing = openKillingDatabase(store, { killer, at: { statement, moment: 'after' } });
    const result = await work(killing.database, made).then(
      () => 'answered',
      () => 'failed',
    );
    if (!killing.hasKilled()) {
      expect(result).toBe('answered');
      return points;
    }
    points += 1;
    await check(made, `after statement ${statement}`);
  }
}

test('a rollback whose session ends anywhere leaves all as it was, or goes on to its end', async () => {
  const newRunId = createTimeOrderedIds(Date.now);
  const points = await killEverywhere(
    2,
    (database, { fixture }) =>
      rollbackData(
        { database, now: Date.now, keepHistory: true, newRunId },
        { environmentId: fixture.environmentId, version: 1, baseVersion: 2 },
      ),
    async (made, where) => {
      const { environmentId } = made.fixture;
      const { version } = await state(made);
      if (version === 2) expect(await state(made), where).toMatchObject({ cursor: 'late' });
      else await rollbacks().resume();
      if (version === 2) await rollbacks().rollBack({ environmentId, version: 1, baseVersion: 2, data: true });
      expect(await state(made), where).toEqual(early);
      expect(
        await store.database.selectFrom('data_rollbacks').select('id').where('finished_at', 'is', null).execute(),
      ).toEqual([]);
    },
  );
  expect(points).toBeGreaterThan(8);
}, 120_000);

test('a deployment whose session ends anywhere leaves the old version whole, or the new one', async () => {
  const next = sandboxManifest({ name: 'tickets', renamedFrom: 'issues', timeoutMs: 7_000 });
  const deploy = (database: TestDatabase['database'], { fixture }: DeploymentRoom) =>
    createDeployment(database, {
      environmentId: fixture.environmentId,
      manifest: next,
      baseVersion: 2,
      message: null,
      externalId: 'commit',
      allowDestructive: false,
    });
  const points = await killEverywhere(1, deploy, async (made, where) => {
    const row = await store.database
      .selectFrom('syncs')
      .innerJoin('environments', 'environments.id', 'syncs.environment_id')
      .select(['sync', 'active_version'])
      .where('syncs.id', '=', made.fixture.syncId)
      .executeTakeFirstOrThrow();
    const whole = [
      { sync: 'issues', active_version: 2 },
      { sync: 'tickets', active_version: 3 },
    ];
    expect(whole, where).toContainEqual(row);
    const again = await deploy(store.database, made);
    expect(again, where).toMatchObject({ deployment: { version: 3, active: true, externalId: 'commit' } });
    expect(again.changed).toBe(row.active_version === 2);
  });
  expect(points).toBeGreaterThan(5);
}, 120_000);
