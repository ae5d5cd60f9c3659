import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SyncManifest } from '@tenon/runtime/contract';
import { openEngineRoom, type EngineRoom } from '../testing/engine-room.ts';
import { testSync } from '../testing/test-manifest.ts';
import { holdConnection } from './hold-connection.ts';
import { listTicks } from './list-ticks.ts';
import type { Schedule } from './next-run.ts';
import type { Scheduler } from './scheduler.ts';
import { setSyncPaused } from './set-sync-paused.ts';
import { openScheduler } from './testing/open-scheduler.ts';

// What becomes of every tick of an hourly schedule.

const minute = 60_000;
const start = new Date('2026-01-01T00:00:00.250Z');
const after = (minutes: number) => new Date(start.getTime() + minutes * minute);

let room: EngineRoom;
let clock: { now: Date };
let scheduler: Scheduler;
beforeEach(() => {
  clock = { now: start };
});
afterEach(() => room.close());

async function open(sync: Partial<SyncManifest> = {}, pace: Pick<Schedule, 'catchUpMs'> = {}): Promise<void> {
  const hourly = testSync({ schedule: { type: 'interval', everyMs: 60 * minute, ...pace }, ...sync });
  room = await openEngineRoom({ functions: [hourly], now: start });
  scheduler = openScheduler(room, clock);
  await scheduler.tick();
}

async function tickAt(minutes: number): Promise<number> {
  clock.now = after(minutes);
  return await scheduler.tick();
}

const address = () => ({ environmentId: room.environmentId, integration: 'tracker', connection: 'c1', sync: 'issues' });
const runs = () => room.database.selectFrom('runs').selectAll().orderBy('id').execute();
const skipped = () => room.database.selectFrom('skipped_ticks').selectAll().orderBy('id').execute();
const setAll = (status: 'running' | 'succeeded') =>
  room.database.updateTable('runs').set({ status }).where('status', 'in', ['queued', 'running']).execute();
const nextRun = async () =>
  (await room.database.selectFrom('syncs').select('next_run_at').executeTakeFirstOrThrow()).next_run_at;

test('one run makes up for a downtime, and the ticks before it name it', async () => {
  await open();
  await setAll('succeeded');
  expect(await tickAt(5 * 60 + 17)).toBe(1);
  const [, latest] = await runs();
  expect(latest).toMatchObject({ due_at: after(300), trigger: 'schedule' });
  expect(await skipped()).toMatchObject([
    { due_at: after(60), until_at: after(240), ticks: 4, reason: 'made_up_for', run_id: latest?.id },
  ]);
  expect(await nextRun()).toEqual(after(360));
});

test('what is older than the catch-up window is missed, and nothing runs when that is all', async () => {
  await open({}, { catchUpMs: 90 * minute });
  await setAll('succeeded');
  expect(await tickAt(5 * 60 + 17)).toBe(1);
  const [, latest] = await runs();
  expect(await skipped()).toMatchObject([
    { due_at: after(60), until_at: after(180), ticks: 3, reason: 'missed', run_id: null },
    { due_at: after(240), until_at: after(240), ticks: 1, reason: 'made_up_for', run_id: latest?.id },
  ]);
});

test('without any catch-up a tick is missed after a downtime, but a lost wake-up is no downtime', async () => {
  await open({}, { catchUpMs: 0 });
  await setAll('succeeded');
  expect(await tickAt(60 + 0.1)).toBe(1);
  await setAll('succeeded');
  expect(await tickAt(120 + 1)).toBe(0);
  expect(await skipped()).toMatchObject([{ due_at: after(120), ticks: 1, reason: 'missed', run_id: null }]);
  expect(await nextRun()).toEqual(after(180));
});

test('more ticks of a cron expression than are counted at once are all accounted for', async () => {
  await open({ schedule: { type: 'cron', expression: '* * * * * *', timezone: 'UTC' } });
  await setAll('succeeded');
  clock.now = new Date(start.getTime() + 12_000 * 1_000);
  expect(await scheduler.tick()).toBe(1);
  const [, latest] = await runs();
  const rows = await skipped();
  expect(rows.every(({ reason, run_id }) => reason === 'made_up_for' && run_id === latest?.id)).toBe(true);
  expect(rows.length).toBeGreaterThan(1);
  expect(rows.reduce((sum, { ticks }) => sum + ticks, 0)).toBe(12_000 - 1);
  expect(latest?.due_at).toEqual(new Date('2026-01-01T03:20:00Z'));
});

test('queue-one lets one more run follow the running one, and skips further ticks', async () => {
  await open({ overlap: 'queue-one' });
  await setAll('running');
  expect(await tickAt(60)).toBe(0);
  expect(await tickAt(120)).toBe(0);
  const [first, second, ...others] = await runs();
  expect(others).toEqual([]);
  expect(first).toMatchObject({ status: 'running', cancel_requested: false });
  expect(second).toMatchObject({ status: 'queued', waits_for: 'earlier_run', due_at: after(60) });
  expect(await skipped()).toMatchObject([{ due_at: after(120), reason: 'overlap', run_id: second?.id }]);
});

test('a run that is taken from its process goes back into the queue before the one that waits for it', async () => {
  await open({ overlap: 'queue-one' });
  await setAll('running');
  await tickAt(60);
  await room.database.updateTable('runs').set({ status: 'queued' }).where('status', '=', 'running').execute();
  expect((await runs()).map(({ status }) => status)).toEqual(['queued', 'queued']);
});

test('cancel-other asks the running one to stop, cancels a queued one, and one follows', async () => {
  await open({ overlap: 'cancel-other' });
  await setAll('running');
  await tickAt(60);
  await tickAt(120);
  expect(await runs()).toMatchObject([
    { status: 'running', cancel_requested: true },
    { status: 'cancelled', due_at: after(60) },
    { status: 'queued', waits_for: 'earlier_run', due_at: after(120) },
  ]);
  expect(await skipped()).toEqual([]);
});

test('allow lets runs go on side by side', async () => {
  await open({ overlap: 'allow' });
  await setAll('running');
  expect(await tickAt(60)).toBe(1);
  expect(await tickAt(120)).toBe(1);
  expect((await runs()).map(({ side_by_side, waits_for }) => [side_by_side, waits_for])).toEqual([
    [true, null],
    [true, null],
    [true, null],
  ]);
});

test('a pause is one row when it ends, and so is a wait for the customer, who is not made to wait any longer', async () => {
  await open();
  await setAll('succeeded');
  await setSyncPaused(room.database, { ...address(), paused: true, now: after(1) });
  await tickAt(1_000);
  expect(await skipped()).toEqual([]);
  await setSyncPaused(room.database, { ...address(), paused: false, now: after(200) });
  const [connectionId = 0] = room.connectionIds;
  await holdConnection(room.database, { connectionId, held: true, now: after(201) });
  await holdConnection(room.database, { connectionId, held: false, now: after(310) });
  expect(await skipped()).toMatchObject([
    { due_at: after(60), until_at: after(180), ticks: 3, reason: 'paused', run_id: null },
    { due_at: after(240), until_at: after(300), ticks: 2, reason: 'waits_for_reconnect', run_id: null },
  ]);
  expect(await tickAt(310)).toBe(1);
  expect(await nextRun()).toEqual(after(360));
});

test('a clock that is set back leaves no sync planned later than its next tick', async () => {
  await open();
  await setAll('succeeded');
  await tickAt(10 * 24 * 60);
  await setAll('succeeded');
  await tickAt(30);
  expect(await nextRun()).toEqual(after(60));
  // As when it is set back while no server runs.
  await room.database
    .updateTable('syncs')
    .set({ next_run_at: after(10_000) })
    .execute();
  await openScheduler(room, { now: after(45) }).tick();
  expect(await nextRun()).toEqual(after(60));
});

test('a server that dies before it tells the engine loses no tick: the run is there, and another server finds it', async () => {
  await open();
  await setAll('succeeded');
  clock.now = after(60);
  const dying = openScheduler(room, clock, { enqueue: () => Promise.reject(new Error('killed')) });
  await expect(dying.tick()).rejects.toThrow('killed');
  expect(await scheduler.tick()).toBe(0);
  const [, left] = await runs();
  expect(left).toMatchObject({ status: 'queued', due_at: after(60) });
  const server = room.openServer(() => Promise.resolve({ status: 'succeeded' }));
  await server.start();
  await expect(room.ended(left?.id ?? '')).resolves.toMatchObject({ status: 'succeeded' });
});

test('the ticks of a sync are listed in their order, page by page', async () => {
  await open({}, { catchUpMs: 90 * minute });
  await room.database
    .updateTable('runs')
    .set({ status: 'succeeded', started_at: after(0.5) })
    .execute();
  await tickAt(300);
  await tickAt(360);
  const all = await listTicks(room.database, { ...address(), limit: 10 });
  expect(all.nextCursor).toBeNull();
  expect(all.items.map(({ dueAt, outcome, reason, ticks, lateMs }) => [dueAt, outcome, reason, ticks, lateMs])).toEqual(
    [
      [after(360).toISOString(), 'skipped', 'overlap', 1, null],
      [after(300).toISOString(), 'ran', null, 1, null],
      [after(240).toISOString(), 'skipped', 'made_up_for', 1, null],
      [after(60).toISOString(), 'skipped', 'missed', 3, null],
      [after(0).toISOString(), 'ran', null, 1, 0.5 * minute],
    ],
  );
  const paged = [];
  let cursor: string | undefined;
  do {
    const page = await listTicks(room.database, { ...address(), cursor, limit: 1 });
    paged.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(paged).toEqual(all.items);
  await expect(listTicks(room.database, { ...address(), cursor: '1_2', limit: 1 })).rejects.toMatchObject({
    code: 'request_invalid',
  });
});
