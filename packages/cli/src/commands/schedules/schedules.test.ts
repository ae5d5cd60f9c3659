import { afterEach, beforeEach, expect, it } from 'vitest';
import { FakeServer } from '../../testing/fake-server.ts';
import { sampleRun, sampleSync } from '../../testing/samples.ts';
import { createTestContext } from '../../testing/test-context.ts';
import { parseCursorValue } from './parse-cursor-value.ts';
import { runSchedulesBackfill } from './run-schedules-backfill.ts';
import { runSchedulesList } from './run-schedules-list.ts';
import { runSchedulesPause } from './run-schedules-pause.ts';
import { runSchedulesSet } from './run-schedules-set.ts';
import { runSchedulesState } from './run-schedules-state.ts';
import { runSchedulesShow } from './run-schedules-show.ts';
import { runSchedulesTrigger } from './run-schedules-trigger.ts';

let server: FakeServer;
beforeEach(async () => {
  server = await FakeServer.start();
  server.state.syncs = [sampleSync({ nextRunAt: '2026-01-02T03:04:05.000Z' })];
});
afterEach(() => server.stop());

const flags = { connection: 'user1' };
const context = (isJson = false) => createTestContext({ url: server.url, apiKey: server.apiKey, isJson });
const last = () => server.requests.at(-1);
const lastBody = (): unknown => JSON.parse(last()?.body ?? 'null');

it('lists syncs with their next runs, and says which are paused, wait, or have their own schedule', async () => {
  server.state.syncs.push(
    sampleSync({ sync: 'labels', paused: true }),
    sampleSync({ sync: 'users', waitsFor: 'reconnect', schedule: 'every 1h', scheduleSource: 'connection' }),
    sampleSync({ sync: 'teams', schedule: null }),
  );
  const test = context();
  await runSchedulesList(test, { limit: 100, integration: 'github' });
  for (const text of ['2026-01-02 03:04:05', 'paused', 'every 1h (its own)', 'connect again', 'when triggered']) {
    expect(test.stdout()).toContain(text);
  }
  expect(last()?.url).toContain('integration=github');
});

it('shows what came of the times at which a sync was due', async () => {
  const dueAt = '2026-01-02T03:04:05.000Z';
  server.state.ticks = [
    { dueAt, untilAt: dueAt, ticks: 1, outcome: 'ran', reason: null, runId: sampleRun().id, lateMs: 35 },
    { dueAt, untilAt: dueAt, ticks: 7, outcome: 'skipped', reason: 'missed', runId: null, lateMs: null },
  ];
  const test = context();
  await runSchedulesShow(test, 'github/issues', { ...flags, limit: 20 });
  expect(test.stdout()).toContain('missed: the server');
  const json = context(true);
  await runSchedulesShow(json, 'github/issues', { ...flags, limit: 20 });
  expect(JSON.parse(json.stdout())).toMatchObject({ items: [{ outcome: 'ran' }, { ticks: 7 }], nextCursor: null });
});

it('shows where each partition reads on, and what failed in it', async () => {
  const error = { code: 'provider_error', message: 'The repository is gone.' };
  const state = { checkpoint: null, failedAt: null, error: null, updatedAt: '2026-01-02T03:04:05.000Z' };
  server.state.syncStates = [
    { ...state, partition: '', cursor: null, checkpoint: { page: 3 } },
    { ...state, partition: 'a/b', cursor: '2026-01-01' },
    { ...state, partition: 'c/d', cursor: null, failedAt: state.updatedAt, error },
  ];
  const test = context();
  await runSchedulesState(test, 'github/issues', flags);
  expect(test.stdout()).toMatch(
    /\(the sync\) +{"page":3}[\s\S]*a\/b +2026-01-01[\s\S]*c\/d .*The repository is gone\./,
  );
  const json = context(true);
  await runSchedulesState(json, 'github/issues', flags);
  expect(JSON.parse(json.stdout())).toEqual({ items: server.state.syncStates });
  server.state.syncStates = [];
  const fresh = context();
  await runSchedulesState(fresh, 'github/issues', flags);
  expect(fresh.stdout()).toContain('begins at the beginning');
});

it('pauses, resumes and triggers', async () => {
  const path = '/v1/connections/github/user1/syncs/issues';
  await runSchedulesPause(context(), 'github/issues', { ...flags, paused: true });
  expect(last()).toMatchObject({ method: 'POST', url: `${path}/pause` });
  await runSchedulesPause(context(), 'github/issues', { ...flags, paused: false });
  expect(last()).toMatchObject({ method: 'POST', url: `${path}/resume` });
  const test = context();
  await runSchedulesTrigger(test, 'github/issues', flags);
  expect(last()).toMatchObject({ method: 'POST', url: `${path}/trigger` });
  expect(test.stdout()).toContain('is queued');
});

it('sets a schedule in words, or takes it back, but not both', async () => {
  const test = context();
  await runSchedulesSet(test, { name: 'github/issues', words: ['every', '1h'] }, flags);
  expect(last()).toMatchObject({ method: 'PUT', url: '/v1/connections/github/user1/syncs/issues/schedule' });
  expect(lastBody()).toEqual({ schedule: 'every 1h' });
  expect(test.stdout()).toContain('every 1h');
  await runSchedulesSet(context(), { name: 'github/issues', words: [] }, { ...flags, reset: true });
  expect(lastBody()).toEqual({ schedule: null });
  for (const wrong of [
    { words: [], reset: false },
    { words: ['every 1h'], reset: true },
  ]) {
    const { words, reset } = wrong;
    const setting = runSchedulesSet(context(), { name: 'github/issues', words }, { ...flags, reset });
    await expect(setting).rejects.toMatchObject({ code: 'usage_invalid' });
  }
});

it('asks for a range', async () => {
  const test = context();
  await runSchedulesBackfill(test, 'github/issues', { ...flags, from: '2025-01-01T00:00:00Z' });
  expect(last()).toMatchObject({ method: 'POST', url: '/v1/connections/github/user1/syncs/issues/backfill' });
  expect(lastBody()).toEqual({ from: '2025-01-01T00:00:00Z' });
  expect(test.stdout()).toContain('backfill');
});

it.each([
  ['17', 17],
  ['"17"', '17'],
  ['2025-01-01T00:00:00Z', '2025-01-01T00:00:00Z'],
])('reads %s as a value of a cursor', (text, value) => {
  expect(parseCursorValue(text)).toBe(value);
});
