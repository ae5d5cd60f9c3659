import { Kysely, PostgresDialect } from 'kysely';
import { afterEach, expect, test, vi } from 'vitest';
import type { LiveEvent } from '@tenon/runtime/contract';
import type { Schema } from '../../database/schema.ts';
import { openEngineRoom, silentLog, type EngineRoom, type Script } from '../testing/engine-room.ts';
import { maxEntryLength } from './bound-log-entry.ts';
import { createRunEvents } from './run-events.ts';
import { createRunLogs, maxEntriesPerRun } from './run-logs.ts';
import type { WorkerLogEntry } from '../../workers/run-request.ts';

let room: EngineRoom;
afterEach(() => room.close());

async function runWith(script: Script, events: LiveEvent[] = []) {
  const server = room.openServer(script);
  server.events.subscribe(room.environmentId, (event) => events.push(event));
  const { environmentId } = room;
  await server.start();
  const names = { environmentId, integration: 'tracker', connection: 'c1', sync: 'issues' };
  const { run } = await server.triggerSync({ ...names, trigger: 'api' });
  await room.ended(run.id);
  return {
    run,
    server,
    logs: (query: object = {}) => server.listLogs({ environmentId, limit: 1_000, ...query }),
  };
}

const writing =
  (...entries: Array<Partial<WorkerLogEntry>>): Script =>
  (request) => {
    for (const entry of entries)
      request.onLog({ at: Date.now(), kind: 'log', level: 'info', message: 'said', ...entry });
    return Promise.resolve({ status: 'succeeded' });
  };

test('the lines of a run are stored in order before it ends, and told as they are stored', async () => {
  room = await openEngineRoom();
  const events: LiveEvent[] = [];
  const messages = Array.from({ length: 250 }, (_, index) => `line ${index}`);
  const { run, logs } = await runWith(writing(...messages.map((message) => ({ message, data: { a: 1 } }))), events);
  const { items } = await logs({ runId: run.id });
  expect(items.map(({ message }) => message)).toEqual(messages);
  expect(items[0]).toMatchObject({ runId: run.id, level: 'info', data: { a: 1 } });
  const told = events.flatMap((event) => (event.type === 'log' ? [event.entry] : []));
  expect(told).toEqual(items);
  expect(events.at(-1)?.type).toBe('run.finished');
});

test('a run that writes without end keeps its first lines and says that more were dropped', async () => {
  room = await openEngineRoom();
  const { run } = await runWith(async (request) => {
    for (let line = 0; line < maxEntriesPerRun + 500; line++) {
      request.onLog({ at: Date.now(), kind: 'log', level: 'debug', message: `line ${line}` });
      // No faster than they can be stored.
      if (line % 500 === 499)
        await vi.waitUntil(async () => (await stored()) >= Math.min(line - 400, maxEntriesPerRun), 20_000);
    }
    return { status: 'succeeded' };
  });
  const messages = await storedMessages(run.id);
  expect(messages).toHaveLength(maxEntriesPerRun + 1);
  expect(messages.at(-1)).toBe('log truncated: the run wrote more than is kept');
  expect(messages.slice(0, -1).every((message) => message.startsWith('line '))).toBe(true);
});

test('lines that come faster than they can be stored are dropped, and the gap is marked', async () => {
  room = await openEngineRoom();
  const { run } = await runWith(async (request) => {
    for (let line = 0; line < 5_000; line++)
      request.onLog({ at: Date.now(), kind: 'log', level: 'debug', message: `line ${line}` });
    await vi.waitUntil(async () => (await stored()) > 1_000, { timeout: 20_000 });
    request.onLog({ at: Date.now(), kind: 'log', level: 'debug', message: 'line at last' });
    return { status: 'succeeded' };
  });
  const messages = await storedMessages(run.id);
  expect(messages.length).toBeLessThan(5_000);
  expect(messages.at(-1)).toBe('line at last');
  expect(messages.at(-2)).toBe('log truncated: lines came faster than they could be stored');
});

test('a line beyond its limit is cut, and what Postgres cannot hold is left out', async () => {
  room = await openEngineRoom();
  const cyclic: Record<string, unknown> = {};
  cyclic['self'] = cyclic;
  const { run, logs } = await runWith(
    writing(
      { message: 'x'.repeat(100_000) },
      { data: { big: 'y'.repeat(100_000) } },
      { message: 'a\0b', data: { nul: 'a\0b', lone: 'a\ud800b', path: String.raw`C:\u0000` } },
      { data: { count: 10n } },
      { data: cyclic },
    ),
  );
  const { items } = await logs({ runId: run.id });
  expect(items).toHaveLength(5);
  expect(items[0]?.message).toHaveLength(maxEntryLength);
  expect(items[1]?.data).toEqual({ truncated: '100010 characters' });
  expect(items[2]).toMatchObject({
    message: 'ab',
    data: { nul: 'a\ufffdb', lone: 'a\ufffdb', path: String.raw`C:\u0000` },
  });
  expect(items[3]?.data).toEqual({ count: '10' });
  expect(items[4]?.data).toEqual({ unreadable: 'the data is not JSON' });
});

test('lines are read by level and page by page', async () => {
  room = await openEngineRoom();
  const levels = ['debug', 'info', 'warn', 'error', 'info'] as const;
  const { run, logs } = await runWith(writing(...levels.map((level) => ({ level, message: level }))));
  const messages = async (query: object) => (await logs(query)).items.map(({ message }) => message);
  expect(await messages({ runId: run.id, level: 'warn' })).toEqual(['warn', 'error']);
  const first = await logs({ runId: run.id, limit: 3 });
  expect(await messages({ runId: run.id, limit: 3, cursor: first.nextCursor })).toEqual(['error', 'info']);
  expect(await messages({ limit: 2 })).toEqual(['info', 'error']);
  const newest = await logs({ limit: 2 });
  expect(await messages({ limit: 2, cursor: newest.nextCursor })).toEqual(['warn', 'info']);
  await expect(logs({ cursor: 'nonsense' })).rejects.toMatchObject({ code: 'request_invalid' });
});

test('lines are found by words in any order, by kind, by what wrote them and by time', async () => {
  room = await openEngineRoom({ connections: 2 });
  const day = 24 * 3_600_000;
  const { run, logs } = await runWith(
    writing(
      { message: "GET https://tracker.example/issues?page=2 answered 503, it's down", kind: 'http', level: 'debug' },
      { message: 'Read 100 Issues of octo-org/hello', at: Date.now() - 2 * day },
      { message: 'Done.' },
    ),
  );
  const messages = async (query: object) => (await logs(query)).items.map(({ message }) => message.slice(0, 4));
  expect(await messages({ search: 'iss read' })).toEqual(['Read']);
  expect(await messages({ search: 'READ octo-org/hel' })).toEqual(['Read']);
  expect(await messages({ search: "it's" })).toEqual(['GET ']);
  expect(await messages({ search: '503' })).toEqual(['GET ']);
  expect(await messages({ search: '/issues?pag 503' })).toEqual(['GET ']);
  expect(await messages({ search: 'ead' })).toEqual([]);
  expect(await messages({ search: `' & | ! :* \\ \0 ( done` })).toEqual(['Done']);
  expect(await messages({ search: '***' })).toHaveLength(3);
  expect(await messages({ kind: 'http' })).toEqual(['GET ']);
  expect(await messages({ kind: 'engine' })).toEqual([]);
  expect(await messages({ integration: 'tracker', function: 'issues', connection: 'c1' })).toHaveLength(3);
  expect(await messages({ connection: 'c2' })).toEqual([]);
  const yesterday = new Date(Date.now() - day).toISOString();
  expect(await messages({ before: yesterday })).toEqual(['Read']);
  expect(await messages({ after: yesterday, runId: run.id })).toEqual(['GET ', 'Done']);
});

test('a run whose connection is deleted meanwhile does not cost the others their lines', async () => {
  room = await openEngineRoom({ connections: 2 });
  const { run, logs, server } = await runWith(async (request) => {
    if (request.start.connection.id === 'c2') {
      await room.database.deleteFrom('connections').where('name', '=', 'c2').execute();
    }
    return writing({ message: request.start.connection.id })(request);
  });
  const names = { environmentId: room.environmentId, integration: 'tracker', connection: 'c2', sync: 'issues' };
  await server.triggerSync({ ...names, trigger: 'api' });
  await server.stop({ graceMs: 10_000 });
  expect((await logs({})).items).toMatchObject([{ runId: run.id, message: 'c1' }]);
});

test('runs are listed newest first, filtered, page by page, and per environment', async () => {
  room = await openEngineRoom({ connections: 2 });
  const server = room.openServer(() => Promise.resolve({ status: 'succeeded' }));
  const { environmentId } = room;
  const ids: string[] = [];
  for (const connection of ['c1', 'c2', 'c1']) {
    const call = { environmentId, integration: 'tracker', connection, action: 'create-issue', input: {} };
    ids.push((await server.callAction({ ...call, signal: new AbortController().signal })).runId);
  }
  const list = async (query: object) => {
    const page = await server.listRuns({ environmentId, limit: 2, ...query });
    return { ids: page.items.map(({ id }) => id), next: page.nextCursor };
  };
  const first = await list({});
  expect(first.ids).toEqual([ids[2], ids[1]]);
  expect(await list({ cursor: first.next })).toEqual({ ids: [ids[0]], next: null });
  expect((await list({ connection: 'c1' })).ids).toEqual([ids[2], ids[0]]);
  expect((await list({ status: 'failed' })).ids).toEqual([]);
  expect((await list({ function: 'create-issue', integration: 'tracker' })).ids).toHaveLength(2);
  expect((await list({ environmentId: environmentId + 1 })).ids).toEqual([]);
  await expect(list({ cursor: 'nonsense' })).rejects.toMatchObject({ code: 'request_invalid' });
  await expect(server.getRun({ environmentId: environmentId + 1, runId: ids[0] ?? '' })).rejects.toMatchObject({
    code: 'not_found',
  });
});

async function stored(): Promise<number> {
  const { count } = await room.database
    .selectFrom('run_logs')
    .select((select) => select.fn.countAll().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

async function storedMessages(runId: string): Promise<string[]> {
  const rows = await room.database
    .selectFrom('run_logs')
    .select('message')
    .where('run_id', '=', runId)
    .orderBy('id')
    .execute();
  return rows.map(({ message }) => message);
}

test('lines wait for a database that does not answer for a while', async () => {
  room = await openEngineRoom();
  const { run } = await runWith(writing());
  let isDown = true;
  const refuse = () => Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }));
  const pool = { connect: () => (isDown ? refuse() : room.pool.connect()), end: () => Promise.resolve() };
  const database = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  const logs = createRunLogs({ database, events: createRunEvents(() => undefined), log: silentLog });
  const log = logs.open({ ...run, environment_id: room.environmentId });
  for (const message of ['first', 'second']) log.write({ at: Date.now(), kind: 'log', level: 'info', message });
  await logs.flush();
  expect(await storedMessages(run.id)).toEqual([]);
  isDown = false;
  log.write({ at: Date.now(), kind: 'log', level: 'info', message: 'third' });
  await logs.flush();
  expect(await storedMessages(run.id)).toEqual(['first', 'second', 'third']);
});
