import { afterEach, expect, test } from 'vitest';
import type { SyncManifest } from '@tenon/runtime/contract';
import { openEngineRoom, type EngineRoom } from '../testing/engine-room.ts';
import { testManifest, testSync } from '../testing/test-manifest.ts';
import { findJitter } from './find-jitter.ts';
import { createScheduleTicks, type Schedule } from './next-run.ts';
import { syncConnectionSchedules } from './sync-connection-schedules.ts';

let room: EngineRoom;
afterEach(() => room.close());

const minute = 60_000;
const start = new Date('2026-01-01T00:00:00Z');
const after = (ms: number) => new Date(start.getTime() + ms);
const every = (minutes: number): SyncManifest =>
  testSync({ schedule: { type: 'interval', everyMs: minutes * minute } });
const sync = () => room.database.selectFrom('syncs').selectAll().executeTakeFirstOrThrow();

/** As after a first run: due an hour after the start, with a cursor. */
async function openRunning(): Promise<void> {
  room = await openEngineRoom({ functions: [every(60)], now: start });
  await room.database
    .updateTable('syncs')
    .set({ next_run_at: after(60 * minute) })
    .execute();
  await room.setCursor('c');
}

test('a new sync is due now; one without a schedule never', async () => {
  room = await openEngineRoom({ functions: [every(60), testSync({ name: 'manual' })], connections: 2, now: start });
  const rows = await room.database.selectFrom('syncs').selectAll().orderBy('connection_id').orderBy('sync').execute();
  expect(rows.map(({ sync, next_run_at }) => [sync, next_run_at])).toEqual([
    ['issues', start],
    ['manual', null],
    ['issues', start],
    ['manual', null],
  ]);
});

test('an unchanged schedule keeps its phase and its cursor', async () => {
  await openRunning();
  await room.deploy([every(60)], { now: after(10 * minute) });
  expect(await sync()).toMatchObject({ next_run_at: after(60 * minute) });
  expect(await room.readCursor()).toBe('c');
});

test('a changed schedule is due at its next tick, counted from when the connection was made', async () => {
  await openRunning();
  await room.deploy([every(15)], { now: after(10 * minute) });
  expect(await sync()).toMatchObject({ next_run_at: after(15 * minute) });
  expect(await room.readCursor()).toBe('c');
  await room.deploy([every(600)], { now: after(12 * minute) });
  expect((await sync()).next_run_at).toEqual(after(600 * minute));
});

test('what is due when its schedule changes stays due', async () => {
  await openRunning();
  await room.deploy([every(15)], { now: after(61 * minute) });
  expect((await sync()).next_run_at).toEqual(after(60 * minute));
});

test('SQL and the scheduler agree about the next tick of a changed schedule, with phase and jitter', async () => {
  const schedules: Schedule[] = [
    { type: 'interval', everyMs: 15 * minute, jitterMs: 10 * minute },
    { type: 'interval', everyMs: 60 * minute, phaseMs: 5 * minute, jitterMs: 59_999 },
    { type: 'cron', expression: '0 * * * *', timezone: 'UTC', jitterMs: 30_000 },
    { type: 'cron', expression: '30 6 * * *', timezone: 'Europe/Berlin' },
  ];
  room = await openEngineRoom({ functions: [every(60)], connections: 20, now: new Date(start.getTime() + 123) });
  const ticks = createScheduleTicks();
  await room.database
    .updateTable('syncs')
    .set({ next_run_at: after(60 * minute) })
    .execute();
  for (const schedule of schedules) {
    await room.deploy([testSync({ schedule })], { now: after(minute) });
    const rows = await room.database.selectFrom('syncs').select(['id', 'next_run_at']).orderBy('id').execute();
    const expected = rows.map(({ id }) => {
      const grid = { anchorMs: start.getTime() + 123, offsetMs: findJitter(id, schedule) };
      return ticks.next(schedule, grid, after(minute).getTime());
    });
    expect(rows.map(({ next_run_at }) => next_run_at?.getTime())).toEqual(expected);
  }
});

test('a schedule that changes while its sync is paused leaves its skipped ticks behind', async () => {
  await openRunning();
  await room.database.updateTable('syncs').set({ paused: true }).execute();
  await room.deploy([every(45)], { now: after(200 * minute) });
  expect(await room.database.selectFrom('skipped_ticks').selectAll().execute()).toMatchObject([
    { due_at: after(60 * minute), until_at: after(180 * minute), ticks: 3, reason: 'paused' },
  ]);
  expect(await sync()).toMatchObject({ paused: true, next_run_at: after(225 * minute) });
});

test("a connection's own schedule survives deployments, the code's counts again without it", async () => {
  room = await openEngineRoom({ functions: [every(60)], now: start });
  const server = room.openServer(() => Promise.resolve({ status: 'succeeded' }), {
    now: () => after(minute).getTime(),
  });
  await room.database
    .updateTable('syncs')
    .set({ next_run_at: after(60 * minute) })
    .execute();
  const address = { environmentId: room.environmentId, integration: 'tracker', connection: 'c1', sync: 'issues' };
  await server.setSyncSchedule({ ...address, schedule: 'every 20m' });
  expect((await sync()).next_run_at).toEqual(after(20 * minute));
  await room.deploy([every(90)], { now: after(2 * minute) });
  expect((await sync()).next_run_at).toEqual(after(20 * minute));
  const listed = await server.listSyncs({ environmentId: room.environmentId, limit: 1 });
  expect(listed.items).toMatchObject([{ schedule: 'every 20m', scheduleSource: 'connection' }]);
  await server.setSyncSchedule({ ...address, schedule: null });
  expect((await sync()).next_run_at).toEqual(after(90 * minute));
});

test.each([
  'every 1',
  'sometimes',
  'every 500ms',
  'cron 61 * * * *',
  'cron 0 6 * * * Europe/Atlantis',
  'cron 0 0 30 2 *',
])('the schedule %j is refused with a hint', async (schedule) => {
  room = await openEngineRoom({ functions: [every(60)], now: start });
  const server = room.openServer(() => Promise.resolve({ status: 'succeeded' }));
  const address = { environmentId: room.environmentId, integration: 'tracker', connection: 'c1', sync: 'issues' };
  await expect(server.setSyncSchedule({ ...address, schedule })).rejects.toMatchObject({
    code: 'request_invalid',
    hint: expect.stringContaining('every 1h'),
  });
});

test('a sync that is declared no more keeps its row and is due no more; come back, it is due at once', async () => {
  await openRunning();
  await room.deploy([], { now: after(minute) });
  expect(await sync()).toMatchObject({ next_run_at: null, schedule: null });
  expect(await room.readCursor()).toBe('c');
  await room.deploy([every(60)], { now: after(2 * minute) });
  expect(await sync()).toMatchObject({ next_run_at: after(2 * minute) });
  expect(await room.readCursor()).toBe('c');
});

test('a paused sync stays paused', async () => {
  await openRunning();
  await room.database.updateTable('syncs').set({ paused: true }).execute();
  await room.deploy([every(15)], { now: after(minute) });
  expect(await sync()).toMatchObject({ paused: true });
});

test('a connection that was made just now gets its syncs, and the others are left alone', async () => {
  room = await openEngineRoom({ functions: [], connections: 2, now: start });
  const [connectionId = 0] = room.connectionIds;
  const manifest = testManifest([every(60)]);
  await syncConnectionSchedules(room.database, { environmentId: room.environmentId, manifest, connectionId });
  const rows = await room.database.selectFrom('syncs').select('connection_id').execute();
  expect(rows.map((row) => Number(row.connection_id))).toEqual([connectionId]);
});

test('the service applies what is active, and nothing where nothing is deployed', async () => {
  room = await openEngineRoom({ functions: [every(60)] });
  const server = room.openServer(() => Promise.resolve({ status: 'succeeded' }));
  await room.database.deleteFrom('syncs').execute();
  await server.syncConnectionSchedules({ environmentId: room.environmentId });
  expect(await server.listSyncs({ environmentId: room.environmentId, limit: 10 })).toMatchObject({
    items: [{ sync: 'issues', connection: 'c1', schedule: 'every 1h', paused: false, lastRun: null }],
    nextCursor: null,
  });
  const empty = await room.database.insertInto('environments').values({ name: 'empty' }).returning('id').execute();
  await server.syncConnectionSchedules({ environmentId: empty[0]?.id ?? 0 });
});

test('a cron expression that cannot be read is refused, naming the script', async () => {
  room = await openEngineRoom({ functions: [] });
  const schedule = { type: 'cron', expression: 'nonsense', timezone: 'UTC' } as const;
  const manifest = testManifest([testSync({ schedule })]);
  await expect(
    syncConnectionSchedules(room.database, { environmentId: room.environmentId, manifest }),
  ).rejects.toMatchObject({ code: 'definition_invalid', message: expect.stringContaining('syncs/issues.ts') });
});
