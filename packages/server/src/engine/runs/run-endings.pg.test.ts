import { afterEach, expect, test } from 'vitest';
import type { Run } from '@tenon/runtime/contract';
import {
  createGate,
  openEngineRoom,
  pageOf,
  untilAborted,
  type EngineRoom,
  type Script,
} from '../testing/engine-room.ts';
import { testSync } from '../testing/test-manifest.ts';
import type { RunService } from '../run-service.ts';

// What a run leaves behind beside its records, and what its end deletes, by how it ends.

let room: EngineRoom;
afterEach(() => room.close());

const place = () => ({
  environmentId: room.environmentId,
  integration: 'tracker',
  connection: 'c1',
  sync: 'issues',
});
const enumerating = testSync({
  deletes: 'absence',
  airbag: null,
  hasWebhook: true,
  cursor: { field: 'updatedAt', initial: null, order: 'ascending', lagMs: 0 },
  retry: { attempts: 2, backoffMs: 1, maxBackoffMs: 1 },
});

async function liveIds(): Promise<string[]> {
  const rows = await room.database
    .selectFrom('records')
    .select('external_id')
    .where('deleted_at', 'is', null)
    .orderBy('external_id')
    .execute();
  return rows.map(({ external_id }) => external_id);
}

const countSightings = async () => (await room.database.selectFrom('sightings').select('run_id').execute()).length;

/** A server with three records of a complete run; from then on, runs execute `next`. */
async function openWithRecords(next: Script): Promise<RunService> {
  room = await openEngineRoom({ functions: [enumerating] });
  let script: Script = async (request) => {
    await request.onPage(pageOf(1, ['a', 'b', 'c']));
    return { status: 'succeeded' };
  };
  const server = room.openServer((request) => script(request));
  await server.start();
  const { run } = await server.triggerSync({ ...place(), trigger: 'api' });
  expect(await room.ended(run.id)).toMatchObject({ status: 'succeeded' });
  script = next;
  return server;
}

const saveOne: Script = async (request) => {
  await request.onPage(pageOf(1, ['a']));
  return { status: 'succeeded' };
};

const starts: Array<[string, (server: RunService) => Promise<Run>]> = [
  ['a backfill', (server) => server.backfillSync({ ...place(), range: { from: '2025-01-01' } })],
  ['an event', async (server) => (await server.forwardEvent({ ...place(), headers: {}, body: {} })).run],
  ['a replay', (server) => server.replayQuarantine(place())],
];

test.each(starts)('%s of a sync that deletes what is absent deletes nothing', async (_what, begin) => {
  const server = await openWithRecords(saveOne);
  const run = await room.ended((await begin(server)).id);
  expect(run).toMatchObject({ status: 'succeeded', counts: { read: 1, deleted: 0, held: 0 } });
  expect(await liveIds()).toEqual(['a', 'b', 'c']);
  expect(await countSightings()).toBe(0);
  // And neither does running it again; a live run does.
  const again = await room.ended((await server.retryRun({ ...place(), runId: run.id })).run.id);
  expect(again).toMatchObject({ status: 'succeeded', counts: { deleted: 0 } });
  const live = await server.triggerSync({ ...place(), trigger: 'api' });
  expect(await room.ended(live.run.id)).toMatchObject({ status: 'succeeded', counts: { deleted: 2 } });
});

test('a live run that failed deletes what is absent when it is run again', async () => {
  let executions = 0;
  const server = await openWithRecords(async (request) => {
    if (++executions > 1) return saveOne(request);
    return { status: 'failed', error: { code: 'script_failed', message: 'It broke.' } };
  });
  const failed = await server.triggerSync({ ...place(), trigger: 'api' });
  await room.ended(failed.run.id);
  expect(await liveIds()).toEqual(['a', 'b', 'c']);
  const { run } = await server.retryRun({ ...place(), runId: failed.run.id });
  expect(await room.ended(run.id)).toMatchObject({ status: 'succeeded', trigger: 'retry', counts: { deleted: 2 } });
});

const error = { code: 'script_failed', message: 'It broke.' };
const endings: Array<[Run['status'], Script]> = [
  ['failed', () => Promise.resolve({ status: 'failed', error })],
  ['timed_out', () => Promise.resolve({ status: 'timed_out', error })],
  ['lost', () => Promise.resolve({ status: 'lost', error })],
  ['auth_failed', () => Promise.resolve({ status: 'auth_failed', error })],
  [
    'partial',
    () => {
      const partitions = { total: 2, failed: [{ key: 'bad', error }] };
      return Promise.resolve({ status: 'succeeded', sync: { read: 1, partitions } });
    },
  ],
];

test.each(endings)('a run that ends as %s deletes nothing, and what it saw is forgotten', async (status, end) => {
  const server = await openWithRecords(async (request) => {
    await request.onPage(pageOf(1, ['a']));
    expect(await countSightings()).toBeGreaterThan(0);
    return end(request);
  });
  const { run } = await server.triggerSync({ ...place(), trigger: 'api' });
  expect(await room.ended(run.id)).toMatchObject({ status, counts: { deleted: 0 } });
  expect(await liveIds()).toEqual(['a', 'b', 'c']);
  expect(await countSightings()).toBe(0);
});

test('a cancelled run deletes nothing, and what it saw is forgotten', async () => {
  const seen = createGate();
  const server = await openWithRecords(async (request) => {
    await request.onPage(pageOf(1, ['a']));
    seen.open();
    return untilAborted(request);
  });
  const { run } = await server.triggerSync({ ...place(), trigger: 'api' });
  await seen.opened;
  await server.cancelRun({ ...place(), runId: run.id });
  expect(await room.ended(run.id)).toMatchObject({ status: 'cancelled' });
  expect(await liveIds()).toEqual(['a', 'b', 'c']);
  expect(await countSightings()).toBe(0);
});

test('what a run saw is forgotten too when it is cancelled while it waits to be tried again', async () => {
  const server = await openWithRecords(async (request) => {
    await request.onPage(pageOf(1, ['a'], { progress: { '/issues': { page: 2 } } }));
    return {
      status: 'rate_limited',
      error: { code: 'provider_rate_limited', message: 'Later.', details: { retryAfterMs: 3_600_000 } },
    };
  });
  const { run } = await server.triggerSync({ ...place(), trigger: 'api' });
  const waits = async () => (await server.getRun({ ...place(), runId: run.id })).waitsFor === 'rate_limit';
  while (!(await waits())) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await countSightings()).toBe(1);
  expect(await server.cancelRun({ ...place(), runId: run.id })).toMatchObject({ status: 'cancelled' });
  expect(await countSightings()).toBe(0);
});
