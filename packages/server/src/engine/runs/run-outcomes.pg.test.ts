import { afterEach, expect, test } from 'vitest';
import type { RunError } from '@tenon/runtime/contract';
import type { RunOutcome } from '../../workers/run-request.ts';
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

const trigger = (connection = 'c1') => ({
  environmentId: room.environmentId,
  integration: 'tracker',
  connection,
  sync: 'issues',
  trigger: 'api' as const,
});
const succeed: Script = () => Promise.resolve({ status: 'succeeded' });
function fail(
  error: Partial<RunError> & { code: string },
  status: 'failed' | 'rate_limited' | 'timed_out' = 'failed',
): Promise<RunOutcome> {
  return Promise.resolve<RunOutcome>({ status, error: { message: 'It did not work.', ...error } });
}
const hasty = { retry: { attempts: 3, backoffMs: 1, maxBackoffMs: 1 } };

async function liveIds(): Promise<string[]> {
  const rows = await room.database
    .selectFrom('records')
    .select('external_id')
    .where('deleted_at', 'is', null)
    .orderBy('external_id')
    .execute();
  return rows.map(({ external_id }) => external_id);
}

async function runOnce(script: Script) {
  const server = room.openServer(script);
  await server.start();
  const { run } = await server.triggerSync(trigger());
  return { server, run: await room.ended(run.id) };
}

test('a run with a failed partition is partial, says which, and deletes nothing for being absent', async () => {
  room = await openEngineRoom({ functions: [testSync({ deletes: 'absence' })] });
  let script: Script = async (request) => {
    await request.onPage(pageOf(1, ['a', 'b', 'c']));
    return { status: 'succeeded' };
  };
  const { server } = await runOnce((request) => script(request));
  const error = { code: 'provider_error', message: 'The repository is gone.' };
  script = async (request) => {
    await request.onPage(pageOf(1, ['a'], { partition: 'good', cursor: 'x' }));
    return { status: 'succeeded', sync: { read: 1, partitions: { total: 2, failed: [{ key: 'bad', error }] } } };
  };
  const partial = await room.ended((await server.triggerSync(trigger())).run.id);
  expect(partial).toMatchObject({
    status: 'partial',
    error: { code: 'partitions_failed', details: { total: 2, failed: [{ key: 'bad', code: 'provider_error' }] } },
  });
  expect(partial.error?.message).toContain('The repository is gone.');
  expect(await liveIds()).toEqual(['a', 'b', 'c']);
  const { environmentId, integration, connection, sync } = trigger();
  const address = { environmentId, integration, connection, sync };
  const states = async () => (await server.listSyncStates({ ...address, limit: 10 })).items;
  expect(await states()).toMatchObject([
    { partition: 'bad', cursor: null, failedAt: expect.any(String), error },
    { partition: 'good', cursor: 'x', failedAt: null, error: null },
  ]);
  const first = await server.listSyncStates({ ...address, limit: 1 });
  const rest = await server.listSyncStates({ ...address, limit: 1, cursor: first.nextCursor ?? '' });
  expect([first, rest].map(({ items }) => items[0]?.partition)).toEqual(['bad', 'good']);
  expect(rest.nextCursor).toBeNull();
  const unknown = server.listSyncStates({ ...address, sync: 'nothing', limit: 1 });
  await expect(unknown).rejects.toMatchObject({ code: 'not_found' });

  script = async (request) => {
    await request.onPage(pageOf(1, ['a', 'b']));
    return { status: 'succeeded', sync: { read: 2, partitions: { total: 2, failed: [] } } };
  };
  expect(await room.ended((await server.triggerSync(trigger())).run.id)).toMatchObject({ status: 'succeeded' });
  expect((await states()).map(({ failedAt }) => failedAt)).toEqual([null, null]);
});

test.each([
  ['more', 4],
  ['fewer', 2],
])('a worker that says it saved %s than was committed fails the run, and nothing is deleted', async (_what, read) => {
  room = await openEngineRoom({ functions: [testSync({ deletes: 'absence', airbag: null })] });
  let script: Script = async (request) => {
    await request.onPage(pageOf(1, ['a', 'b', 'c', 'd']));
    return { status: 'succeeded' };
  };
  const { server } = await runOnce((request) => script(request));
  script = async (request) => {
    await request.onPage(pageOf(1, ['a', 'b', 'c']));
    return { status: 'succeeded', sync: { read, partitions: { total: 0, failed: [] } } };
  };
  const lied = await room.ended((await server.triggerSync(trigger())).run.id);
  expect(lied).toMatchObject({
    status: 'failed',
    error: { code: 'run_miscounted', details: { saved: read, committed: 3 } },
  });
  expect(await liveIds()).toEqual(['a', 'b', 'c', 'd']);
});

test('only what this attempt committed is compared with what its worker counted', async () => {
  room = await openEngineRoom();
  let executions = 0;
  const { run } = await runOnce(async (request) => {
    await request.onPage(pageOf(1, ['a', 'b']));
    return ++executions === 1
      ? { status: 'lost', error: { code: 'run_lost', message: 'Gone.' } }
      : { status: 'succeeded' };
  });
  expect(run).toMatchObject({ status: 'succeeded', attempt: 2, counts: { read: 4 } });
});

test('a failure that may pass is tried again after a pause, as often as the policy says', async () => {
  room = await openEngineRoom({ functions: [testSync(hasty)] });
  const { server, run } = await runOnce(() => fail({ code: 'provider_unreachable', message: 'No answer.' }));
  expect(run).toMatchObject({ status: 'failed', attempt: 3, error: { code: 'provider_unreachable' } });
  const { items } = await server.listLogs({
    environmentId: room.environmentId,
    runId: run.id,
    kind: 'engine',
    limit: 10,
  });
  expect(items.map(({ message }) => message)).toEqual([
    expect.stringContaining('Attempt 1 failed (provider_unreachable: No answer.); attempt 2 follows at'),
    expect.stringContaining('Attempt 2 failed (provider_unreachable: No answer.); attempt 3 follows at'),
  ]);
  expect(items[0]?.data).toMatchObject({ error: { code: 'provider_unreachable' }, waitsFor: 'retry' });
});

test('an attempt after a failure begins a new enumeration, and one that goes on from its progress the same', async () => {
  room = await openEngineRoom({ functions: [testSync({ ...hasty, deletes: 'absence', airbag: null })] });
  let attempts = 0;
  const states: unknown[] = [];
  const { run } = await runOnce(async (request) => {
    states.push(request.start.sync?.state.progress);
    attempts++;
    if (attempts === 1) return fail({ code: 'provider_timeout' });
    if (attempts === 2) {
      await request.onPage(pageOf(1, ['a'], { progress: { '/issues': { page: 2 } } }));
      return fail({ code: 'provider_error', details: { status: 503 } });
    }
    await request.onPage(pageOf(1, ['b'], { progress: null }));
    return { status: 'succeeded' };
  });
  expect(run).toMatchObject({ status: 'succeeded', attempt: 3 });
  expect(states).toEqual([undefined, undefined, { '/issues': { page: 2 } }]);
  const { generation, retries } = await room.database.selectFrom('runs').selectAll().executeTakeFirstOrThrow();
  expect({ generation, retries }).toEqual({ generation: 2, retries: 2 });
  // Seen by the second attempt, whose enumeration the third one went on with.
  expect(await liveIds()).toEqual(['a', 'b']);
});

test('an attempt that ran out of its time is not tried again', async () => {
  room = await openEngineRoom({ functions: [testSync(hasty)] });
  const { run } = await runOnce(() => fail({ code: 'script_timed_out' }, 'timed_out'));
  expect(run).toMatchObject({ status: 'timed_out', attempt: 1 });
});

test('each attempt has the whole of its deadline', async () => {
  room = await openEngineRoom({ functions: [testSync({ ...hasty, timeoutMs: 60_000 })] });
  const deadlines: number[] = [];
  await runOnce((request) => {
    deadlines.push(request.start.timeoutMs);
    return fail({ code: 'provider_timeout' });
  });
  expect(deadlines).toEqual([60_000, 60_000, 60_000]);
});

test('a run that waits for its provider holds no worker, and costs no attempt of the policy', async () => {
  room = await openEngineRoom({ functions: [testSync()], connections: 2 });
  const limited = createGate();
  let calls = 0;
  const server = room.openServer(
    async (request) => {
      if (request.start.connection.id === 'c2' || ++calls > 1) return { status: 'succeeded' };
      await request.onPage(pageOf(1, ['a'], { cursor: 'half' }));
      limited.open();
      return fail({ code: 'provider_rate_limited', details: { retryAfterMs: 3_600_000 } }, 'rate_limited');
    },
    { concurrency: 1 },
  );
  await server.start();
  const { run } = await server.triggerSync(trigger());
  await limited.opened;
  const other = await server.triggerSync(trigger('c2'));
  expect(await room.ended(other.run.id)).toMatchObject({ status: 'succeeded' });
  const waiting = await server.getRun({ environmentId: room.environmentId, runId: run.id });
  expect(waiting).toMatchObject({ status: 'queued', waitsFor: 'rate_limit', attempt: 2 });
  expect(Date.parse(waiting.notBefore ?? '') - Date.now()).toBeGreaterThan(3_500_000);
  expect(await room.readCursor()).toBe('half');
  const { retries } = await room.database.selectFrom('runs').select('retries').executeTakeFirstOrThrow();
  expect(retries).toBe(0);
});

test.each([
  ['more than a day', { retryAfterMs: 25 * 3_600_000 }],
  ['an unknown time', {}],
])('a provider that asks to wait for %s ends the run as rate_limited', async (_what, details) => {
  room = await openEngineRoom({ functions: [testSync(hasty)] });
  const { run } = await runOnce(() => fail({ code: 'provider_rate_limited', details }, 'rate_limited'));
  expect(run).toMatchObject({ status: 'rate_limited', attempt: 1 });
});

test('a waiting run is cancelled at once, and never begins', async () => {
  room = await openEngineRoom({
    functions: [testSync({ retry: { attempts: 3, backoffMs: 3_600_000, maxBackoffMs: 3_600_000 } })],
  });
  let executions = 0;
  const server = room.openServer(
    () => {
      executions++;
      return fail({ code: 'provider_unreachable' });
    },
    { random: () => 0.99 },
  );
  await server.start();
  const { run } = await server.triggerSync(trigger());
  const named = { environmentId: room.environmentId, runId: run.id };
  await expect.poll(async () => (await server.getRun(named)).waitsFor, { timeout: 10_000 }).toBe('retry');
  expect(await server.cancelRun(named)).toMatchObject({ status: 'cancelled', waitsFor: null, notBefore: null });
  expect(executions).toBe(1);
});

test('a run that is cancelled while its failure is judged is not tried again', async () => {
  room = await openEngineRoom({ functions: [testSync(hasty)] });
  const begun = createGate();
  const server = room.openServer(async (request) => {
    begun.open();
    await untilAborted(request);
    return fail({ code: 'provider_unreachable' });
  });
  await server.start();
  const { run } = await server.triggerSync(trigger());
  await begun.opened;
  await server.cancelRun({ environmentId: room.environmentId, runId: run.id });
  expect(await room.ended(run.id)).toMatchObject({ status: 'cancelled', attempt: 1, error: { code: 'run_cancelled' } });
});

test('an ended run is run again on demand, and points to the one that it repeats', async () => {
  room = await openEngineRoom();
  const { server, run } = await runOnce(() => fail({ code: 'script_failed' }));
  const again = await server.retryRun({ environmentId: room.environmentId, runId: run.id });
  expect(again).toMatchObject({ created: true, run: { trigger: 'retry', integration: 'tracker', function: 'issues' } });
  await room.ended(again.run.id);
  const { parent_run_id } = await room.database
    .selectFrom('runs')
    .select('parent_run_id')
    .where('id', '=', again.run.id)
    .executeTakeFirstOrThrow();
  expect(parent_run_id).toBe(run.id);
});

test('the run of an action cannot be repeated, and an unfinished one not either', async () => {
  room = await openEngineRoom();
  const gate = createGate();
  const server = room.openServer(async (request) => {
    if (request.start.sync) await gate.opened;
    return succeed(request);
  });
  await server.start();
  const { environmentId } = room;
  const { runId } = await server.callAction({
    environmentId,
    integration: 'tracker',
    connection: 'c1',
    action: 'create-issue',
    input: {},
    signal: new AbortController().signal,
  });
  await expect(server.retryRun({ environmentId, runId })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('its input is not kept'),
  });
  const { run } = await server.triggerSync(trigger());
  await expect(server.retryRun({ environmentId, runId: run.id })).rejects.toMatchObject({ code: 'conflict' });
  gate.open();
  await room.ended(run.id);
});

test('a run ends with what its script threw, also where Postgres cannot hold the text', async () => {
  room = await openEngineRoom({ functions: [testSync()] });
  const message = 'NUL \0, half a pair \ud83d, and \\u0000.';
  const { run } = await runOnce(() => fail({ code: 'script_failed', message }));
  expect(run).toMatchObject({ status: 'failed', attempt: 1 });
  expect(run.error?.message).toBe('NUL \ufffd, half a pair \ufffd, and \\u0000.');
});

test('a failed partition whose key and error Postgres cannot hold is no reason not to end', async () => {
  room = await openEngineRoom({ functions: [testSync()] });
  const error = { code: 'script_failed', message: 'NUL \0 and half a pair \ud83d' };
  const { run } = await runOnce(() =>
    Promise.resolve({
      status: 'succeeded',
      sync: { read: 0, partitions: { total: 2, failed: [{ key: 'bad\0', error }] } },
    }),
  );
  expect(run.status).toBe('partial');
});

test('what a failed run saw is not kept', async () => {
  room = await openEngineRoom({ functions: [testSync({ deletes: 'absence' })] });
  await runOnce(async (request) => {
    await request.onPage(pageOf(1, ['a', 'b']));
    return fail({ code: 'script_failed' });
  });
  await expect.poll(() => room.database.selectFrom('sightings').select('run_id').execute()).toEqual([]);
});
