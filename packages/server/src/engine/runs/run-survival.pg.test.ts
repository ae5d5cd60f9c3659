import { sql } from 'kysely';
import { afterEach, expect, test, vi } from 'vitest';
import { resetCursors } from '../../deployments/storage/reset-cursors.ts';
import { createRecordStore } from '../../records/record-store.ts';
import {
  createGate,
  openEngineRoom,
  pageOf,
  untilAborted,
  type EngineRoom,
  type Script,
} from '../testing/engine-room.ts';
import { testSync } from '../testing/test-manifest.ts';

let room: EngineRoom;
afterEach(() => room.close());

const succeed: Script = () => Promise.resolve({ status: 'succeeded' });
const vanish: Script = () =>
  Promise.resolve({ status: 'lost', error: { code: 'run_lost', message: 'The worker process disappeared.' } });
const trigger = () => ({
  environmentId: room.environmentId,
  integration: 'tracker',
  connection: 'c1',
  sync: 'issues',
  trigger: 'api' as const,
});
/** Never beats and has no second place, so that it looks like a killed or frozen server once it has a run. */
const frozen = { heartbeatMs: 3_600_000, staleAfterMs: 3_600_000, concurrency: 1 };
/** Looks twice a second for runs that have been silent for 1.5 s. */
const watchful = { heartbeatMs: 100, staleAfterMs: 1_500 };
const longAgo = new Date('2020-01-01');

async function storedIds(): Promise<string[]> {
  const rows = await room.database.selectFrom('records').select('external_id').orderBy('external_id').execute();
  return rows.map(({ external_id }) => external_id);
}

test('a run whose worker process vanished is tried again under the next attempt', async () => {
  room = await openEngineRoom();
  let executions = 0;
  const server = room.openServer((request) => (++executions === 1 ? vanish(request) : succeed(request)));
  await server.start();
  const { run } = await server.triggerSync(trigger());
  expect(await room.ended(run.id)).toMatchObject({ status: 'succeeded', attempt: 2 });
  const { items } = await server.listLogs({ environmentId: room.environmentId, runId: run.id, limit: 10 });
  expect(items).toMatchObject([{ level: 'warn', message: expect.stringContaining('attempt 2 follows') }]);
});

test('a run that loses its worker every time ends as lost after three attempts', async () => {
  room = await openEngineRoom();
  const server = room.openServer(vanish);
  await server.start();
  const { run } = await server.triggerSync(trigger());
  expect(await room.ended(run.id)).toMatchObject({ status: 'lost', attempt: 3, error: { code: 'run_lost' } });
});

test('a frozen server loses its run to another one and can commit nothing any more', async () => {
  room = await openEngineRoom();
  const firstPage = createGate();
  const thaw = createGate();
  const refused = createGate<unknown>();
  const freezing = room.openServer(async (request) => {
    await request.onPage(pageOf(1, ['a', 'b']));
    firstPage.open();
    await thaw.opened;
    await request.onPage(pageOf(2, ['stale'])).catch(refused.open);
    await request.onPage(pageOf(1, [], { cursor: 'stale' }));
    return { status: 'succeeded' };
  }, frozen);
  await freezing.start();
  const { run } = await freezing.triggerSync(trigger());
  await firstPage.opened;
  await room.database.updateTable('runs').set({ heartbeat_at: longAgo }).execute();

  const heir = room.openServer(async (request) => {
    await request.onPage(pageOf(1, ['a', 'b']));
    await request.onPage(pageOf(2, ['c']));
    await request.onPage(pageOf(1, [], { cursor: 'new' }));
    return { status: 'succeeded' };
  }, watchful);
  await heir.start();
  const ended = await room.ended(run.id);
  thaw.open();
  expect(await refused.opened).toMatchObject({ code: 'run_lost' });
  await freezing.stop({ graceMs: 1_000 });

  expect(ended).toMatchObject({ status: 'succeeded', attempt: 2 });
  // Both attempts read a and b; they were added once.
  expect(ended.counts).toEqual({ read: 5, added: 3, updated: 0, unchanged: 2, deleted: 0, quarantined: 0, held: 0 });
  expect(await storedIds()).toEqual(['a', 'b', 'c']);
  expect(await heir.getRun({ environmentId: room.environmentId, runId: run.id })).toEqual(ended);
  expect(await room.readCursor()).toBe('new');
});

test('an executor that lost its claim deletes nothing at its end', async () => {
  room = await openEngineRoom({ functions: [testSync({ deletes: 'absence' })] });
  let script: Script = async (request) => {
    await request.onPage(pageOf(1, ['a', 'b']));
    return { status: 'succeeded' };
  };
  const server = room.openServer((request) => script(request), frozen);
  await server.start();
  await room.ended((await server.triggerSync(trigger())).run.id);

  const taken = createGate();
  script = async (request) => {
    await request.onPage(pageOf(1, ['a']));
    // Somebody else owns the run from here on, as after a network partition.
    await room.database.updateTable('runs').set({ owner: 'another' }).where('id', '=', request.start.runId).execute();
    taken.open();
    return { status: 'succeeded' };
  };
  await server.triggerSync(trigger());
  await taken.opened;
  await server.stop({ graceMs: 5_000 });
  const live = await room.database
    .selectFrom('records')
    .select('external_id')
    .where('deleted_at', 'is', null)
    .execute();
  expect(live).toHaveLength(2);
});

test('a server says of its runs that they live for as long as they do', async () => {
  room = await openEngineRoom();
  const finish = createGate();
  const server = room.openServer(
    async () => {
      await finish.opened;
      return { status: 'succeeded' };
    },
    { heartbeatMs: 20, staleAfterMs: 3_600_000 },
  );
  await server.start();
  const { run } = await server.triggerSync(trigger());
  const heartbeat = async () =>
    (await room.database.selectFrom('runs').select('heartbeat_at').executeTakeFirstOrThrow()).heartbeat_at;
  for (let times = 0; times < 2; times++) {
    await room.database.updateTable('runs').set({ heartbeat_at: longAgo }).where('status', '=', 'running').execute();
    await vi.waitUntil(async () => Number(await heartbeat()) > longAgo.getTime(), { timeout: 10_000 });
  }
  finish.open();
  expect(await room.ended(run.id)).toMatchObject({ status: 'succeeded', attempt: 1 });
});

test('the only server takes over at once what its predecessor left running or queued', async () => {
  room = await openEngineRoom({ connections: 2 });
  const begun = createGate();
  // The predecessor is killed: it neither ends its run nor tells anybody.
  const killed = room.openServer((request) => {
    begun.open();
    return untilAborted(request);
  }, frozen);
  await killed.start();
  const running = await killed.triggerSync(trigger());
  await begun.opened;
  const queued = await killed.triggerSync({ ...trigger(), connection: 'c2' });
  await room.pool.query('delete from pgboss.job');

  const heir = room.openServer(succeed, { ...frozen, soleOwner: true });
  await heir.start();
  expect(await room.ended(running.run.id)).toMatchObject({ status: 'succeeded', attempt: 2 });
  expect(await room.ended(queued.run.id)).toMatchObject({ status: 'succeeded', attempt: 1 });
});

test('a stopping server hands its runs to another, and that is no loss', async () => {
  room = await openEngineRoom();
  const begun = createGate();
  const leaving = room.openServer((request) => {
    begun.open();
    return untilAborted(request);
  });
  await leaving.start();
  const { run } = await leaving.triggerSync(trigger());
  await begun.opened;
  const staying = room.openServer(succeed);
  await staying.start();
  await leaving.stop({ graceMs: 0 });
  expect(await room.ended(run.id)).toMatchObject({ status: 'succeeded', attempt: 2 });
  const row = await room.database.selectFrom('runs').select('losses').executeTakeFirstOrThrow();
  expect(row.losses).toBe(0);
});

test('a stopping server lets a run end that ends in time', async () => {
  room = await openEngineRoom();
  const begun = createGate();
  const finish = createGate();
  const server = room.openServer(async () => {
    begun.open();
    await finish.opened;
    return { status: 'succeeded' };
  });
  await server.start();
  const { run } = await server.triggerSync(trigger());
  await begun.opened;
  const stopped = server.stop({ graceMs: 60_000 });
  finish.open();
  await stopped;
  expect(await room.ended(run.id)).toMatchObject({ status: 'succeeded', attempt: 1 });
});

test('a cancelled run whose server died is cancelled, not tried again', async () => {
  room = await openEngineRoom();
  const begun = createGate();
  const killed = room.openServer((request) => {
    begun.open();
    return untilAborted(request);
  }, frozen);
  await killed.start();
  const { run } = await killed.triggerSync(trigger());
  await begun.opened;
  await room.database.updateTable('runs').set({ cancel_requested: true }).execute();
  const heir = room.openServer(succeed, { ...frozen, soleOwner: true });
  await heir.start();
  expect(await room.ended(run.id)).toMatchObject({ status: 'cancelled', attempt: 1 });
});

test('a run on older code cannot bring back the cursor that a deployment took away', async () => {
  room = await openEngineRoom();
  const begun = createGate();
  const deployed = createGate();
  let script: Script = async (request) => {
    begun.open();
    await deployed.opened;
    await request.onPage(pageOf(1, ['a'], { cursor: 'of the old code' }));
    await request.onPage(pageOf(1, [], { cursor: 'of the old code' }));
    return { status: 'succeeded' };
  };
  const server = room.openServer((request) => script(request));
  await server.start();
  const { run } = await server.triggerSync(trigger());
  await begun.opened;
  const names = { environmentId: room.environmentId, integration: 'tracker', sync: 'issues' };
  await room.database.transaction().execute((transaction) => resetCursors(transaction, names));
  deployed.open();
  expect(await room.ended(run.id)).toMatchObject({ status: 'succeeded', counts: { added: 1 } });
  const cursor = () => room.readCursor();
  expect(await cursor()).toBeUndefined();

  script = async (request) => {
    expect(request.start.sync?.state.cursor).toBeUndefined();
    await request.onPage(pageOf(1, ['a'], { cursor: 'of the new code' }));
    return { status: 'succeeded' };
  };
  expect(await room.ended((await server.triggerSync(trigger())).run.id)).toMatchObject({ status: 'succeeded' });
  expect(await cursor()).toBe('of the new code');
});

test('a run that was queued before a deployment took the cursor away neither reads nor writes it', async () => {
  room = await openEngineRoom();
  await room.setCursor('old');
  const server = room.openServer(async (request) => {
    expect(request.start.sync?.state.cursor).toBeUndefined();
    await request.onPage(pageOf(1, [], { cursor: 'of the old code' }));
    return { status: 'succeeded' };
  });
  const { run } = await server.triggerSync(trigger());
  const names = { environmentId: room.environmentId, integration: 'tracker', sync: 'issues' };
  await room.database.transaction().execute((transaction) => resetCursors(transaction, names));
  await server.start();
  expect(await room.ended(run.id)).toMatchObject({ status: 'succeeded' });
  expect(await room.readCursor()).toBeUndefined();
});

test('a run that was queued by a server which died before it told the engine is started by the next one', async () => {
  room = await openEngineRoom();
  const killed = room.openServer(succeed, frozen);
  const { run } = await killed.triggerSync(trigger());
  await room.pool.query('delete from pgboss.job');
  const heir = room.openServer(succeed, frozen);
  await heir.start();
  expect(await room.ended(run.id)).toMatchObject({ status: 'succeeded', attempt: 1 });
});

test('a run that meets an outage of the database is tried again, and not called failed', async () => {
  room = await openEngineRoom();
  const records = createRecordStore({ now: Date.now });
  let commits = 0;
  const server = room.openServer(
    async (request) => {
      await request.onPage(pageOf(1, ['a', 'b'])).catch(() => undefined);
      await request.onPage(pageOf(1, [], { cursor: 'end' }));
      return { status: 'succeeded' };
    },
    {},
    {
      records: {
        ...records,
        commitPage: async (transaction, options) => {
          const counts = await records.commitPage(transaction, options);
          // What every session gets when Postgres is killed: here after the page was written, before it is committed.
          if (++commits === 1) await sql`select pg_terminate_backend(pg_backend_pid())`.execute(transaction);
          return counts;
        },
      },
    },
  );
  await server.start();
  const ended = await room.ended((await server.triggerSync(trigger())).run.id);
  expect(ended).toMatchObject({ status: 'succeeded', attempt: 2, counts: { read: 2, added: 2, unchanged: 0 } });
  expect(await storedIds()).toEqual(['a', 'b']);
});
