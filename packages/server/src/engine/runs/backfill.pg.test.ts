import { afterEach, expect, test } from 'vitest';
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

let room: EngineRoom;
afterEach(() => room.close());

const place = () => ({
  environmentId: room.environmentId,
  integration: 'tracker',
  connection: 'c1',
  sync: 'issues',
});
const range = { from: '2025-01-01', until: '2025-06-01' };
const withCursor = testSync({ cursor: { field: 'updatedAt', initial: null, order: 'ascending', lagMs: 0 } });

async function open(script: Script): Promise<RunService> {
  room = await openEngineRoom({ functions: [withCursor] });
  await room.setCursor('2026-01-01');
  const server = room.openServer(script);
  await server.start();
  return server;
}

const readStates = () =>
  room.database.selectFrom('sync_states').select(['scope', 'partition', 'cursor']).orderBy('scope').execute();
const liveOnly = [{ scope: 'live', partition: '', cursor: '2026-01-01' }];

test('a backfill has a state of its own from its beginning to its end, also when its worker is lost', async () => {
  const given: unknown[] = [];
  const server = await open(async ({ start: { runId, sync }, ...request }) => {
    given.push({ cursor: sync?.state.cursor, progress: sync?.state.progress, until: sync?.until, mode: sync?.mode });
    if (given.length === 2) {
      await request.onPage(pageOf(1, ['b'], { cursor: '2025-05-01', progress: null }));
      return { status: 'succeeded' };
    }
    const progress = { '/issues': { page: 2 } };
    await request.onPage(pageOf(1, ['a'], { cursor: '2025-03-01', progress }));
    await request.onPage(pageOf(2, [], { partition: 'p', cursor: '2025-02-01' }));
    const scopes = (await readStates()).map(({ scope }) => scope);
    expect(scopes.filter((scope) => scope === runId)).toHaveLength(2);
    return { status: 'lost', error: { code: 'run_lost', message: 'Gone.' } };
  });
  const run = await server.backfillSync({ ...place(), range });
  expect(await room.ended(run.id)).toMatchObject({ status: 'succeeded', attempt: 2, trigger: 'backfill' });
  expect(given).toEqual([
    { cursor: '2025-01-01', progress: undefined, until: '2025-06-01', mode: 'run' },
    { cursor: '2025-03-01', progress: { '/issues': { page: 2 } }, until: '2025-06-01', mode: 'run' },
  ]);
  expect(await readStates()).toEqual(liveOnly);
});

test('a backfill and a live run do not wait for each other, and each moves its own cursor', async () => {
  const both = createGate();
  const cursors = new Map<string, unknown>();
  const server = await open(async (request) => {
    const { sync } = request.start;
    cursors.set(sync?.until === undefined ? 'live' : 'backfill', sync?.state.cursor);
    if (cursors.size === 2) both.open();
    await both.opened;
    await request.onPage(pageOf(1, ['a'], { cursor: sync?.until === undefined ? '2026-02-01' : '2025-05-31' }));
    return { status: 'succeeded' };
  });
  const backfill = await server.backfillSync({ ...place(), range });
  const { run: live } = await server.triggerSync({ ...place(), trigger: 'api' });
  for (const { id } of [backfill, live]) expect(await room.ended(id)).toMatchObject({ status: 'succeeded' });
  expect(cursors).toEqual(
    new Map([
      ['live', '2026-01-01'],
      ['backfill', '2025-01-01'],
    ]),
  );
  expect(await readStates()).toEqual([{ scope: 'live', partition: '', cursor: '2026-02-01' }]);
});

const error = { code: 'script_failed', message: 'It broke.' };
test.each(['failed', 'timed_out', 'lost'] as const)('a backfill that ends as %s leaves no state', async (status) => {
  const server = await open(async (request) => {
    await request.onPage(pageOf(1, ['a'], { cursor: '2025-03-01' }));
    return { status, error };
  });
  const run = await server.backfillSync({ ...place(), range });
  expect(await room.ended(run.id)).toMatchObject({ status });
  expect(await readStates()).toEqual(liveOnly);
});

test('a cancelled backfill leaves no state, and another one may begin', async () => {
  const committed = createGate();
  const server = await open(async (request) => {
    await request.onPage(pageOf(1, ['a'], { cursor: '2025-03-01' }));
    committed.open();
    return untilAborted(request);
  });
  const run = await server.backfillSync({ ...place(), range });
  await committed.opened;
  await expect(server.backfillSync({ ...place(), range })).rejects.toMatchObject({ code: 'conflict' });
  await server.cancelRun({ ...place(), runId: run.id });
  expect(await room.ended(run.id)).toMatchObject({ status: 'cancelled' });
  expect(await readStates()).toEqual(liveOnly);
  const next = await server.backfillSync({ ...place(), range });
  await server.cancelRun({ ...place(), runId: next.id });
  expect(await room.ended(next.id)).toMatchObject({ status: 'cancelled' });
});

test('running an ended backfill again begins at its range once more', async () => {
  const cursors: unknown[] = [];
  const server = await open(async (request) => {
    cursors.push([request.start.sync?.state.cursor, request.start.sync?.until]);
    await request.onPage(pageOf(1, ['a'], { cursor: '2025-03-01' }));
    return { status: 'succeeded' };
  });
  const run = await server.backfillSync({ ...place(), range });
  await room.ended(run.id);
  const again = await server.retryRun({ ...place(), runId: run.id });
  expect(await room.ended(again.run.id)).toMatchObject({ status: 'succeeded', trigger: 'backfill' });
  expect(cursors).toEqual([
    ['2025-01-01', '2025-06-01'],
    ['2025-01-01', '2025-06-01'],
  ]);
});
