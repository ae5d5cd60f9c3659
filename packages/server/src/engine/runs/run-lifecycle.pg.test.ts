import { afterEach, expect, test } from 'vitest';
import type { LiveEvent } from '@tenon/runtime/contract';
import {
  createGate,
  openEngineRoom,
  pageOf,
  untilAborted,
  type EngineRoom,
  type Script,
} from '../testing/engine-room.ts';
import { holdConnection } from '../schedules/hold-connection.ts';
import { findNextDue } from '../schedules/queries/find-next-due.ts';
import { takeDueSyncs } from '../schedules/queries/take-due-syncs.ts';
import { testAction, testSync } from '../testing/test-manifest.ts';

let room: EngineRoom;
afterEach(() => room.close());

const trigger = (more: object = {}) => ({
  environmentId: room.environmentId,
  integration: 'tracker',
  connection: 'c1',
  sync: 'issues',
  trigger: 'api' as const,
  ...more,
});
const succeed: Script = () => Promise.resolve({ status: 'succeeded' });

async function runOnce(script: Script) {
  const server = room.openServer(script);
  await server.start();
  const { run } = await server.triggerSync(trigger());
  return room.ended(run.id);
}

test('a triggered sync is executed, its counts add up and its cursor is kept', async () => {
  room = await openEngineRoom();
  const server = room.openServer(async (request) => {
    expect(request.start.sync?.state.cursor).toBeUndefined();
    const { counts } = await request.onPage(pageOf(1, ['a', 'b']));
    expect(counts).toMatchObject({ added: 2, updated: 0, unchanged: 0, deleted: 0 });
    await request.onPage(pageOf(2, ['b', 'c'], { cursor: '2026-01-01' }));
    return { status: 'succeeded' };
  });
  const events: LiveEvent[] = [];
  server.events.subscribe(room.environmentId, (event) => events.push(event));
  await server.start();
  const { run, created } = await server.triggerSync(trigger());
  expect(created).toBe(true);
  const ended = await room.ended(run.id);
  expect(ended).toMatchObject({ status: 'succeeded', attempt: 1, trigger: 'api', version: 1, connection: 'c1' });
  expect(ended.counts).toMatchObject({ read: 4, added: 3, updated: 0, unchanged: 1, deleted: 0 });
  const sync = await room.database.selectFrom('syncs').selectAll().executeTakeFirstOrThrow();
  expect(sync).toMatchObject({ last_run_id: run.id });
  expect(await room.readCursor()).toBe('2026-01-01');
  expect(events.map(({ type }) => type)).toEqual(['run.started', 'run.finished']);
});

test('the next run is given the cursor of the one before', async () => {
  room = await openEngineRoom();
  const cursors: unknown[] = [];
  const server = room.openServer(async (request) => {
    cursors.push(request.start.sync?.state.cursor);
    await request.onPage(pageOf(1, [], { cursor: 7 }));
    return { status: 'succeeded' };
  });
  await server.start();
  for (let times = 0; times < 2; times++) await room.ended((await server.triggerSync(trigger())).run.id);
  expect(cursors).toEqual([undefined, 7]);
});

test('triggering a sync that runs answers with that run, or refuses when asked to', async () => {
  room = await openEngineRoom();
  const gate = createGate();
  const server = room.openServer(async () => {
    await gate.opened;
    return { status: 'succeeded' };
  });
  await server.start();
  const first = await server.triggerSync(trigger());
  const second = await server.triggerSync(trigger());
  expect(second).toMatchObject({ created: false, run: { id: first.run.id } });
  await expect(server.triggerSync(trigger({ ifUnfinished: 'refuse' }))).rejects.toMatchObject({
    code: 'conflict',
    details: { runId: first.run.id },
  });
  gate.open();
  await room.ended(first.run.id);
});

test('twenty triggers at once, on two servers, make one run', async () => {
  room = await openEngineRoom();
  const gate = createGate();
  let executions = 0;
  const script: Script = async () => {
    executions++;
    await gate.opened;
    return { status: 'succeeded' };
  };
  const servers = [room.openServer(script), room.openServer(script)];
  for (const server of servers) await server.start();
  const all = await Promise.all(
    Array.from({ length: 20 }, (_, index) => servers[index % 2]?.triggerSync(trigger()) ?? Promise.reject()),
  );
  expect(new Set(all.map(({ run }) => run.id)).size).toBe(1);
  expect(all.filter(({ created }) => created)).toHaveLength(1);
  gate.open();
  await room.ended(all[0]?.run.id ?? '');
  expect(executions).toBe(1);
});

test('a job that is delivered to two servers is executed by one', async () => {
  room = await openEngineRoom();
  let executions = 0;
  const script: Script = () => {
    executions++;
    return Promise.resolve({ status: 'succeeded' });
  };
  const handlers: Array<(runId: string, signal: AbortSignal) => Promise<void>> = [];
  const engine = {
    start: (handler: (typeof handlers)[number]) => Promise.resolve(void handlers.push(handler)),
    stop: () => Promise.resolve(),
    enqueue: () => Promise.resolve(),
  };
  const servers = [room.openServer(script, {}, { engine }), room.openServer(script, {}, { engine })];
  for (const server of servers) await server.start();
  const { run } = (await servers[0]?.triggerSync(trigger())) ?? {};
  const { signal } = new AbortController();
  await Promise.all(handlers.map((handler) => handler(run?.id ?? '', signal)));
  expect(executions).toBe(1);
  expect(await room.ended(run?.id ?? '')).toMatchObject({ status: 'succeeded', attempt: 1 });
});

test('a failed run keeps its error, its pages and its counts, and not its cursor', async () => {
  room = await openEngineRoom();
  const error = { code: 'script_failed', message: 'boom', stack: 'at issues.ts:3' };
  const ended = await runOnce(async (request) => {
    await request.onPage(pageOf(1, ['a']));
    return { status: 'failed', error };
  });
  expect(ended).toMatchObject({ status: 'failed', error, counts: { read: 1, added: 1 } });
  expect(await room.readCursor()).toBeUndefined();
});

test('a page that cannot be committed fails the run, even if the script made nothing of it', async () => {
  room = await openEngineRoom();
  const ended = await runOnce(async (request) => {
    await expect(request.onPage(pageOf(1, ['a'], { model: 'Other' }))).rejects.toMatchObject({ code: 'model_unknown' });
    await expect(request.onPage(pageOf(2, ['b']))).rejects.toMatchObject({ code: 'model_unknown' });
    return { status: 'succeeded' };
  });
  expect(ended).toMatchObject({ status: 'failed', error: { code: 'model_unknown' }, counts: { read: 0 } });
});

test('pages are committed in order, however fast they come', async () => {
  room = await openEngineRoom();
  await runOnce(async (request) => {
    await Promise.all([3, 2, 1].map((cursor, index) => request.onPage(pageOf(index + 1, ['a'], { cursor }))));
    return { status: 'succeeded' };
  });
  expect(await room.readCursor()).toBe(1);
});

test('what a complete run did not see is deleted, and a failed run deletes nothing', async () => {
  room = await openEngineRoom({ functions: [testSync({ deletes: 'absence' })] });
  let script: Script = succeed;
  const server = room.openServer((request) => script(request));
  await server.start();
  const runWith = async (next: Script) => {
    script = next;
    return room.ended((await server.triggerSync(trigger())).run.id);
  };
  const save = (ids: string[], end: Script) =>
    runWith(async (request) => {
      await request.onPage(pageOf(1, ids));
      return end(request);
    });
  await save(['a', 'b', 'c'], succeed);
  const failed = await save(['a'], () =>
    Promise.resolve({ status: 'failed', error: { code: 'script_failed', message: 'boom' } }),
  );
  expect(failed.counts.deleted).toBe(0);
  const complete = await save(['a', 'b'], succeed);
  expect(complete.counts).toMatchObject({ read: 2, added: 0, updated: 0, unchanged: 2, deleted: 1 });
});

test.each([
  { verdict: 'refused', status: 'auth_failed' },
  { verdict: 'unknown', status: 'auth_failed' },
  { verdict: 'accepted', status: 'failed' },
] as const)('a refused run of a connection that is $verdict ends as $status', async ({ verdict, status }) => {
  room = await openEngineRoom();
  const asked: number[] = [];
  const server = room.openServer(
    () => Promise.resolve({ status: 'auth_failed', error: { code: 'provider_unauthorized', message: 'refused' } }),
    {},
    {
      confirmRefusal: (connectionId) => {
        asked.push(connectionId);
        return Promise.resolve(verdict);
      },
    },
  );
  await server.start();
  const run = await room.ended((await server.triggerSync(trigger())).run.id);
  expect(run).toMatchObject({ status, error: { code: 'provider_unauthorized' } });
  expect(asked).toEqual(room.connectionIds);
});

test('a run whose connection cannot be looked at stays refused', async () => {
  room = await openEngineRoom();
  const server = room.openServer(
    () => Promise.resolve({ status: 'auth_failed', error: { code: 'provider_unauthorized', message: 'refused' } }),
    {},
    { confirmRefusal: () => Promise.reject(new Error('no database')) },
  );
  await server.start();
  expect(await room.ended((await server.triggerSync(trigger())).run.id)).toMatchObject({ status: 'auth_failed' });
});

test('a sync of a connection that lost its authorisation is neither triggered nor started by its schedule', async () => {
  const now = new Date('2026-05-01T10:00:00Z');
  room = await openEngineRoom({ functions: [testSync({ schedule: { type: 'interval', everyMs: 60_000 } })], now });
  const { database, environmentId } = room;
  const connectionId = room.connectionIds[0] ?? 0;
  const server = room.openServer(succeed);
  const syncOf = async () => (await server.listSyncs({ environmentId, limit: 1 })).items[0];
  await database.updateTable('connections').set({ state: 'auth_failed' }).execute();
  await holdConnection(database, { connectionId, held: true, now });
  await expect(server.triggerSync(trigger())).rejects.toMatchObject({
    code: 'provider_unauthorized',
    message: expect.stringContaining('c1'),
  });
  expect(await syncOf()).toMatchObject({ waitsFor: 'reconnect', nextRunAt: null, lastRun: null });
  expect(await takeDueSyncs(database, { now, limit: 10 })).toEqual([]);
  expect(await findNextDue(database)).toBeUndefined();

  const later = new Date('2026-05-02T10:00:00Z');
  await database.updateTable('connections').set({ state: 'active' }).execute();
  await holdConnection(database, { connectionId, held: false, now: later });
  expect(await syncOf()).toMatchObject({ waitsFor: null, nextRunAt: later.toISOString() });
  expect(await takeDueSyncs(database, { now: later, limit: 10 })).toHaveLength(1);
});

test('a queued run is cancelled at once and never executed', async () => {
  room = await openEngineRoom();
  let executions = 0;
  const server = room.openServer(() => {
    executions++;
    return Promise.resolve({ status: 'succeeded' });
  });
  const { run } = await server.triggerSync(trigger());
  expect(await server.cancelRun({ environmentId: room.environmentId, runId: run.id })).toMatchObject({
    status: 'cancelled',
    error: { code: 'run_cancelled' },
  });
  await server.start();
  const { run: next } = await server.triggerSync(trigger());
  await room.ended(next.id);
  expect(executions).toBe(1);
});

test('a running run is cancelled from another server', async () => {
  room = await openEngineRoom();
  const begun = createGate();
  const executing = room.openServer((request) => {
    begun.open();
    return untilAborted(request);
  });
  await executing.start();
  const other = room.openServer(succeed);
  const { run } = await other.triggerSync(trigger());
  await begun.opened;
  const names = { environmentId: room.environmentId, runId: run.id };
  expect(await other.cancelRun(names)).toMatchObject({ status: 'running' });
  expect(await room.ended(run.id)).toMatchObject({ status: 'cancelled', error: { code: 'run_cancelled' } });
  expect(await other.cancelRun(names)).toMatchObject({ status: 'cancelled' });
});

test('a run that has ended cannot be cancelled, and an unknown one is not found', async () => {
  room = await openEngineRoom();
  const ended = await runOnce(succeed);
  const server = room.openServer(succeed);
  const cancel = (runId: string) => server.cancelRun({ environmentId: room.environmentId, runId });
  await expect(cancel(ended.id)).rejects.toMatchObject({ code: 'conflict' });
  await expect(cancel(crypto.randomUUID())).rejects.toMatchObject({ code: 'not_found' });
  await expect(cancel('nonsense')).rejects.toMatchObject({ code: 'not_found' });
});

test('an unknown sync or connection is named in the error', async () => {
  room = await openEngineRoom();
  const server = room.openServer(succeed);
  await expect(server.triggerSync(trigger({ sync: 'none' }))).rejects.toMatchObject({
    code: 'not_found',
    message: 'There is no sync none of tracker.',
    hint: expect.stringMatching(/^Syncs of tracker: .+; actions: /),
    details: { missing: 'sync' },
  });
  await expect(server.triggerSync(trigger({ connection: 'nobody' }))).rejects.toMatchObject({
    code: 'not_found',
    message: 'There is no connection nobody of tracker.',
  });
});

test('a run executes the version that it was started with', async () => {
  room = await openEngineRoom();
  const bundles: string[] = [];
  const server = room.openServer((request) => {
    bundles.push(request.bundleHash);
    return Promise.resolve({ status: 'succeeded' });
  });
  const { run } = await server.triggerSync(trigger());
  await room.deploy([testSync({ bundle: 'f'.repeat(64) }), testAction()]);
  await server.start();
  await room.ended(run.id);
  await room.ended((await server.triggerSync(trigger())).run.id);
  expect(bundles).toEqual(['0'.repeat(64), 'f'.repeat(64)]);
});
