import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { afterEach, expect, test } from 'vitest';
import { openEngineRoom, pageOf, untilAborted, type EngineRoom, type Script } from '../testing/engine-room.ts';
import { testAction, testSync } from '../testing/test-manifest.ts';
import type { DryRun } from './execute-dry-run.ts';

let room: EngineRoom;
afterEach(() => room.close());

const dry = (more: Partial<DryRun> = {}): DryRun => ({
  environmentId: room.environmentId,
  integration: 'tracker',
  connection: 'c1',
  kind: 'sync',
  function: 'issues',
  timeoutMs: 30_000,
  signal: new AbortController().signal,
  ...more,
});

/** Every row of what a run may write. */
async function readEverything(): Promise<unknown> {
  const tables = [
    'runs',
    'run_logs',
    'datasets',
    'records',
    'sync_states',
    'locks',
    'connections',
    'quarantine',
    'webhook_events',
    'run_captures',
  ];
  return Promise.all(
    tables.map(async (table) => (await sql`select * from ${sql.table(table)} order by 1`.execute(room.database)).rows),
  );
}

/** Saves i1 to i3 for real, and leaves a cursor. */
async function runForReal(script: Script) {
  const server = room.openServer(script);
  await server.start();
  const { run } = await server.triggerSync({
    environmentId: room.environmentId,
    integration: 'tracker',
    connection: 'c1',
    sync: 'issues',
    trigger: 'manual',
  });
  await room.ended(run.id);
  return server;
}

test('a dry run tells what it would have saved and leaves everything as it was', async () => {
  room = await openEngineRoom();
  let isDry = false;
  const states: unknown[] = [];
  const server = await runForReal(async (request) => {
    states.push(request.start.sync?.state);
    if (!isDry) {
      await request.onPage(pageOf(1, ['i1', 'i2', 'i3'], { cursor: '2026-01-01' }));
      return { status: 'succeeded' };
    }
    await request.onPage(
      pageOf(1, ['i3', 'i4'], { deletedIds: ['i1'], cursor: '2026-02-02', checkpoint: { page: 7 } }),
    );
    await request.onPage(
      pageOf(2, [], { quarantined: [{ id: 'i9', json: '{}', problems: [{ path: 'title', message: 'missing' }] }] }),
    );
    const seen = await request.onAsk({ kind: 'list-records', model: 'Issue', limit: 10 });
    expect(seen).toMatchObject([{ id: 'i2' }, { id: 'i3' }, { id: 'i4' }]);
    expect(await request.onAsk({ kind: 'read-records', model: 'Issue', ids: ['i1', 'i2', 'i4'] })).toHaveLength(2);
    expect(await request.onAsk({ kind: 'lock', name: 'x', scope: 'connection', ttlMs: 1_000 })).toMatchObject({});
    await request.onAsk({ kind: 'metadata', change: 'patch', metadata: { team: 'red' } });
    await request.onAsk({ kind: 'trigger-sync', name: 'other' });
    request.onLog({ at: 0, kind: 'log', level: 'info', message: 'reading' });
    return { status: 'succeeded', sync: { read: 3, partitions: { total: 0, failed: [] } } };
  });
  const before = await readEverything();
  isDry = true;
  const result = await server.executeDryRun(dry());
  expect(await readEverything()).toEqual(before);
  expect(result).toMatchObject({
    version: 1,
    status: 'succeeded',
    counts: { read: 3, added: 1, updated: 0, unchanged: 1, deleted: 1, quarantined: 1 },
    outcome: {
      records: { Issue: [{ id: 'i3' }, { id: 'i4' }] },
      deleted: { Issue: ['i1'] },
      quarantined: [{ model: 'Issue', id: 'i9' }],
      cursor: '2026-02-02',
      checkpoint: { page: 7 },
      metadata: { team: 'red' },
      triggered: ['other'],
    },
    logs: [{ message: 'reading' }],
    capture: null,
  });
  expect(states).toEqual([{}, { cursor: '2026-01-01' }]);
  await server.executeDryRun(dry({ start: { cursor: '2025-05-05' } })).catch(() => undefined);
  await server.executeDryRun(dry({ start: {} })).catch(() => undefined);
  expect(states.slice(2)).toEqual([{ cursor: '2025-05-05' }, {}]);
});

test('in a preview, a dry run may change no more at the provider than any run may', async () => {
  room = await openEngineRoom();
  const blocked: unknown[] = [];
  const server = room.openServer((request) => {
    blocked.push(request.start.blocksWrites);
    return Promise.resolve({ status: 'succeeded' });
  });
  const allow = (isAllowed: boolean) =>
    room.database
      .updateTable('environments')
      .set({ allows_writes: isAllowed })
      .where('id', '=', room.environmentId)
      .execute();
  await allow(false);
  await server.executeDryRun(dry());
  await allow(true);
  await server.executeDryRun(dry());
  expect(blocked).toEqual([true, undefined]);
});

test('what the script fails with is in the result, with what it saved before', async () => {
  room = await openEngineRoom();
  const server = room.openServer(async (request) => {
    await request.onPage(pageOf(1, ['i1']));
    return { status: 'failed', error: { code: 'script_failed', message: 'no title' } };
  });
  expect(await server.executeDryRun(dry())).toMatchObject({
    status: 'failed',
    outcome: { records: { Issue: [{ id: 'i1' }] }, error: { code: 'script_failed', message: 'no title' } },
  });
});

test('code that is sent along is executed instead of the deployed one, if its hash is right', async () => {
  room = await openEngineRoom();
  const bundle = 'exports.default = 1';
  const hash = createHash('sha256').update(bundle).digest('hex');
  const loaded: string[] = [];
  const server = room.openServer(async (request) => {
    loaded.push(await request.loadBundle(request.bundleHash));
    return { status: 'succeeded', output: 1 };
  });
  const code = { function: testSync({ name: 'undeployed', bundle: hash }), bundle };
  expect(await server.executeDryRun(dry({ function: 'undeployed', code }))).toMatchObject({ version: null });
  expect(loaded).toEqual([bundle]);
  await expect(server.executeDryRun(dry({ code }))).rejects.toMatchObject({ code: 'request_invalid' });
  await expect(
    server.executeDryRun(dry({ function: 'undeployed', code: { ...code, bundle: 'other' } })),
  ).rejects.toMatchObject({ code: 'bundle_hash_mismatch' });
});

test('an action that a dry run calls runs dry as well, and not for ever', async () => {
  room = await openEngineRoom({ functions: [testSync(), testAction()] });
  let calls = 0;
  const server = room.openServer(async (request) => {
    calls += 1;
    await request.onAsk({ kind: 'call-action', name: 'create-issue', input: {} });
    return { status: 'succeeded' };
  });
  await expect(server.executeDryRun(dry({ kind: 'action', function: 'create-issue' }))).rejects.toMatchObject({
    code: 'conflict',
  });
  expect(calls).toBe(6);
  expect(await room.database.selectFrom('runs').selectAll().execute()).toEqual([]);
});

test('a dry run that saves too much ends with an error that says so', async () => {
  room = await openEngineRoom();
  const json = JSON.stringify({ id: 'i1', text: 'x'.repeat(1_900_000) });
  const server = room.openServer(async (request) => {
    for (let sequence = 1; sequence <= 12; sequence += 1) {
      const page = pageOf(sequence, [`i${sequence}`]);
      await request.onPage({ ...page, records: page.records.map((record) => ({ ...record, json })) });
    }
    return { status: 'succeeded' };
  });
  await expect(server.executeDryRun(dry()).catch((error: unknown) => error)).resolves.toMatchObject({
    code: 'dry_run_too_large',
    hint: expect.stringContaining('limitPages'),
  });
});

test('functions and connections that do not exist are named', async () => {
  room = await openEngineRoom();
  const server = room.openServer(() => Promise.resolve({ status: 'succeeded' }));
  await expect(server.executeDryRun(dry({ function: 'nothing' }))).rejects.toMatchObject({ code: 'not_found' });
  await expect(server.executeDryRun(dry({ connection: 'nobody' }))).rejects.toMatchObject({ code: 'not_found' });
});

test('it ends with its client, and with the server', async () => {
  room = await openEngineRoom();
  const server = room.openServer(untilAborted);
  const client = new AbortController();
  const left = server.executeDryRun(dry({ signal: client.signal }));
  client.abort(new Error('gone'));
  await expect(left).rejects.toThrow('gone');
  const stopped = server.executeDryRun(dry());
  stopped.catch(() => undefined);
  await server.stop({ graceMs: 0 });
  await expect(stopped).rejects.toMatchObject({ code: 'unavailable' });
});

test('a capture that cannot be read is no capture', async () => {
  room = await openEngineRoom();
  const server = room.openServer((request) => {
    request.onCapture?.(gzipSync('{"formatVersion":1}'));
    return Promise.resolve({ status: 'succeeded' });
  });
  await expect(server.executeDryRun(dry())).rejects.toMatchObject({ code: 'capture_invalid' });
});
