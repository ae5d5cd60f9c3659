import { afterEach, expect, test } from 'vitest';
import type { Run } from '@tenon/runtime/contract';
import { createGate, openEngineRoom, type EngineRoom } from '../testing/engine-room.ts';
import { testSync } from '../testing/test-manifest.ts';
import { setSyncPaused } from './set-sync-paused.ts';
import { openScheduler } from './testing/open-scheduler.ts';

let room: EngineRoom;
afterEach(() => room.close());

const minute = 60_000;
const start = new Date('2026-01-01T00:00:00.250Z');
const after = (ms: number) => new Date(start.getTime() + ms);
const hourly = testSync({ schedule: { type: 'interval', everyMs: 60 * minute } });

const sync = () => room.database.selectFrom('syncs').selectAll().executeTakeFirstOrThrow();
const runs = () => room.database.selectFrom('runs').selectAll().orderBy('id').execute();
const skippedTicks = () => room.database.selectFrom('skipped_ticks').selectAll().orderBy('id').execute();
const endAll = () => room.database.updateTable('runs').set({ status: 'succeeded' }).execute();

test('a new sync runs at once, and from then on by its interval', async () => {
  room = await openEngineRoom({ functions: [hourly], now: start });
  const clock = { now: start };
  const scheduler = openScheduler(room, clock);
  expect(await scheduler.tick()).toBe(1);
  await endAll();
  clock.now = after(60 * minute - 1);
  expect(await scheduler.tick()).toBe(0);
  clock.now = after(60 * minute);
  expect(await scheduler.tick()).toBe(1);
  expect((await runs()).map(({ trigger, due_at }) => ({ trigger, due_at }))).toEqual([
    { trigger: 'connect', due_at: start },
    { trigger: 'schedule', due_at: after(60 * minute) },
  ]);
  expect((await sync()).next_run_at).toEqual(after(120 * minute));
});

test('after a downtime of a day there is one run, and the phase is kept', async () => {
  room = await openEngineRoom({ functions: [hourly], now: start });
  const clock = { now: start };
  const scheduler = openScheduler(room, clock);
  await scheduler.tick();
  await endAll();
  clock.now = after(24 * 60 * minute + 17 * minute);
  expect(await scheduler.tick()).toBe(1);
  expect(await scheduler.tick()).toBe(0);
  expect((await sync()).next_run_at).toEqual(after(25 * 60 * minute));
});

test('a sync whose last run is unfinished is skipped, said so, and due again at its next tick', async () => {
  room = await openEngineRoom({ functions: [hourly], now: start });
  const clock = { now: start };
  const scheduler = openScheduler(room, clock);
  await scheduler.tick();
  clock.now = after(61 * minute);
  expect(await scheduler.tick()).toBe(0);
  const [first] = await runs();
  expect(await skippedTicks()).toMatchObject([
    { due_at: after(60 * minute), ticks: 1, reason: 'overlap', run_id: first?.id },
  ]);
  expect((await sync()).next_run_at).toEqual(after(120 * minute));
  await endAll();
  clock.now = after(120 * minute);
  expect(await scheduler.tick()).toBe(1);
});

test('a hundred due syncs make one run each, with three servers looking at once', async () => {
  room = await openEngineRoom({ functions: [hourly], connections: 100, now: start });
  const clock = { now: after(5 * minute) };
  const schedulers = [openScheduler(room, clock), openScheduler(room, clock), openScheduler(room, clock)];
  const started = await Promise.all(schedulers.flatMap((scheduler) => [scheduler.tick(), scheduler.tick()]));
  expect(started.reduce((sum, count) => sum + count)).toBe(100);
  const bySync = new Set((await runs()).map(({ sync_id }) => sync_id));
  expect(bySync.size).toBe(100);
});

test('a paused sync is not due, and resumed it goes on in its phase without making up for the pause', async () => {
  room = await openEngineRoom({ functions: [hourly], now: start });
  const clock = { now: start };
  const scheduler = openScheduler(room, clock);
  await scheduler.tick();
  await endAll();
  const names = { environmentId: room.environmentId, integration: 'tracker', connection: 'c1', sync: 'issues' };
  await setSyncPaused(room.database, { ...names, paused: true, now: after(minute) });
  clock.now = after(200 * minute);
  expect(await scheduler.tick()).toBe(0);
  await setSyncPaused(room.database, { ...names, paused: false, now: after(200 * minute) });
  expect(await scheduler.tick()).toBe(0);
  expect((await sync()).next_run_at).toEqual(after(240 * minute));
  await expect(setSyncPaused(room.database, { ...names, connection: 'nobody', paused: true })).rejects.toMatchObject({
    code: 'not_found',
  });
});

test('a schedule that can no longer be read stops only itself', async () => {
  room = await openEngineRoom({ functions: [hourly], connections: 2, now: start });
  const broken = JSON.stringify({ type: 'cron', expression: 'nonsense', timezone: 'UTC' });
  const [first = 0] = room.connectionIds;
  await room.database.updateTable('syncs').set({ schedule: broken }).where('connection_id', '=', first).execute();
  await openScheduler(room, { now: start }).tick();
  const rows = await room.database.selectFrom('syncs').selectAll().orderBy('id').execute();
  expect(rows.map(({ next_run_at }) => next_run_at)).toEqual([null, after(60 * minute)]);
});

test('a server starts what is due, wakes up for a new schedule at once and sleeps until it is due', async () => {
  room = await openEngineRoom({ functions: [] });
  const thrice = createGate<Run['id'][]>();
  const executed: string[] = [];
  const server = room.openServer((request) => {
    executed.push(request.start.runId);
    if (executed.length === 3) thrice.open(executed);
    return Promise.resolve({ status: 'succeeded' });
  });
  await server.start();
  await room.deploy([testSync({ schedule: { type: 'interval', everyMs: 1_000 } })]);
  expect(new Set(await thrice.opened).size).toBe(3);
});
