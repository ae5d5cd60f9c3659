import { TenonError } from '@tenon/runtime/errors';
import { Client } from 'pg';
import { afterEach, expect, test } from 'vitest';
import { createGate, openEngineRoom, untilAborted, type EngineRoom, type Script } from '../testing/engine-room.ts';
import { testAction, testSync } from '../testing/test-manifest.ts';

let room: EngineRoom;
afterEach(() => room.close());

const succeed: Script = () => Promise.resolve({ status: 'succeeded', output: { id: 1 } });
const call = (more: object = {}) => ({
  environmentId: room.environmentId,
  integration: 'tracker',
  connection: 'c1',
  action: 'create-issue',
  input: { title: 'Broken' },
  signal: new AbortController().signal,
  ...more,
});

test('an action answers with its output, without the queue being started', async () => {
  room = await openEngineRoom();
  const inputs: unknown[] = [];
  const server = room.openServer((request) => {
    inputs.push(request.start.action?.input);
    return succeed(request);
  });
  const { runId, output } = await server.callAction(call());
  expect(output).toEqual({ id: 1 });
  expect(inputs).toEqual([{ title: 'Broken' }]);
  const run = await server.getRun({ environmentId: room.environmentId, runId });
  expect(run).toMatchObject({ kind: 'action', function: 'create-issue', status: 'succeeded', trigger: 'api' });
});

test('an action takes two statements once the manifest is known', async () => {
  room = await openEngineRoom();
  const server = room.openServer(succeed);
  await server.callAction(call());
  const counted = countStatements();
  await server.callAction(call());
  expect(counted.end()).toBe(2);
});

test('an action that fails throws the error of its run', async () => {
  room = await openEngineRoom();
  const server = room.openServer(() =>
    Promise.resolve({
      status: 'failed',
      error: { code: 'input_invalid', message: 'title: expected text', hint: 'Send it.', details: { path: 'title' } },
    }),
  );
  const failure = server.callAction(call());
  await expect(failure).rejects.toMatchObject({ code: 'input_invalid', hint: 'Send it.', status: 400 });
  const { items } = await server.listRuns({ environmentId: room.environmentId, limit: 10 });
  await expect(failure).rejects.toMatchObject({ details: { path: 'title', runId: items[0]?.id } });
  expect(items).toMatchObject([{ status: 'failed', error: { code: 'input_invalid' } }]);
});

test('a credential that cannot be had ends the action as unauthorised', async () => {
  room = await openEngineRoom();
  const asked: number[] = [];
  const server = room.openServer(
    succeed,
    {},
    {
      ports: {
        workers: { execute: succeed },
        captures: { isOn: false, keep: unexpected, read: unexpected },
        records: {
          ensureDatasets: unexpected,
          commitPage: unexpected,
          settleAbsence: unexpected,
          approveHold: unexpected,
          discardHold: unexpected,
        },
        getRequestValues: () => Promise.resolve({}),
        getActiveCredential: () => Promise.reject(new TenonError('provider_unauthorized', 'The secret was refused.')),
        readVariable: () => Promise.resolve(undefined),
        confirmRefusal: (id) => Promise.resolve(asked.push(id) > 0 ? 'refused' : 'unknown'),
      },
    },
  );
  await expect(server.callAction(call())).rejects.toMatchObject({ code: 'provider_unauthorized' });
  const { items } = await server.listRuns({ environmentId: room.environmentId, limit: 1 });
  expect(items).toMatchObject([{ status: 'auth_failed' }]);
  expect(asked).toEqual(room.connectionIds);
});

test('an error that nobody foresaw shows nothing of its inside', async () => {
  room = await openEngineRoom();
  const server = room.openServer(() => Promise.reject(new Error('password=hunter2')));
  await expect(server.callAction(call())).rejects.toMatchObject({ code: 'internal' });
  const { items } = await server.listRuns({ environmentId: room.environmentId, limit: 1 });
  expect(JSON.stringify(items)).not.toContain('hunter2');
});

test('an unknown action or connection leaves no run behind', async () => {
  room = await openEngineRoom();
  const server = room.openServer(succeed);
  await expect(server.callAction(call({ action: 'none' }))).rejects.toMatchObject({ code: 'not_found' });
  await expect(server.callAction(call({ connection: 'nobody' }))).rejects.toMatchObject({ code: 'not_found' });
  expect((await server.listRuns({ environmentId: room.environmentId, limit: 1 })).items).toEqual([]);
});

test('an action that was deployed by another server a moment ago is found', async () => {
  room = await openEngineRoom({ functions: [testSync()] });
  const bundles: string[] = [];
  const server = room.openServer((request) => {
    bundles.push(request.bundleHash);
    return succeed(request);
  });
  await expect(server.callAction(call())).rejects.toMatchObject({ code: 'not_found' });
  await room.deploy([testAction({ bundle: 'a'.repeat(64) })]);
  await server.callAction(call());
  await room.deploy([testAction({ bundle: 'b'.repeat(64) })]);
  await server.callAction(call());
  expect(bundles).toEqual(['a'.repeat(64), 'b'.repeat(64)]);
});

test('an action is cancelled when its caller goes away', async () => {
  room = await openEngineRoom();
  const begun = createGate();
  const server = room.openServer((request) => {
    begun.open();
    return untilAborted(request);
  });
  const caller = new AbortController();
  const answer = server.callAction(call({ signal: caller.signal }));
  await begun.opened;
  caller.abort();
  await expect(answer).rejects.toMatchObject({ code: 'run_cancelled' });
});

test('an action of a server that died is lost, not tried again', async () => {
  room = await openEngineRoom();
  const begun = createGate<string>();
  const killed = room.openServer((request) => {
    begun.open(request.start.runId);
    return untilAborted(request);
  });
  const answer = killed.callAction(call());
  const runId = await begun.opened;
  const heir = room.openServer(succeed, { soleOwner: true });
  await heir.start();
  expect(await room.ended(runId)).toMatchObject({ status: 'lost', attempt: 1 });
  await killed.stop({ graceMs: 0 });
  await expect(answer).rejects.toMatchObject({ code: 'run_cancelled' });
});

test('a stopping server takes no more actions', async () => {
  room = await openEngineRoom();
  const server = room.openServer(succeed);
  await server.stop({ graceMs: 0 });
  await expect(server.callAction(call())).rejects.toMatchObject({ code: 'unavailable' });
});

function unexpected(): Promise<never> {
  return Promise.reject(new Error('An action has no records.'));
}

/** Counts what every connection of this process sends, until `end` is called. */
function countStatements(): { end(): number } {
  const { query } = Client.prototype;
  let count = 0;
  Client.prototype.query = new Proxy(query, {
    apply(target, self, values) {
      count++;
      return Reflect.apply(target, self, values) as unknown;
    },
  });
  return {
    end() {
      Client.prototype.query = query;
      return count;
    },
  };
}
