import { afterEach, expect, test } from 'vitest';
import type { Ask } from '@tenon/runtime/execute';
import {
  createGate,
  openEngineRoom,
  pageOf,
  untilAborted,
  type EngineRoom,
  type Script,
} from '../testing/engine-room.ts';
import { testAction, testSync } from '../testing/test-manifest.ts';
import type { RunRequest } from '../../workers/run-request.ts';

let room: EngineRoom;
afterEach(() => room.close());

const place = (more: object = {}) => ({
  environmentId: room.environmentId,
  integration: 'tracker',
  connection: 'c1',
  sync: 'issues',
  trigger: 'api' as const,
  ...more,
});
const lock = (more: object = {}): Ask => ({ kind: 'lock', name: 'books', scope: 'connection', ttlMs: 60_000, ...more });

/** What a sync is answered, that asks this. */
async function askInRun<Result>(ask: (request: RunRequest) => Promise<Result>, more: object = {}): Promise<Result> {
  const answered = createGate<{ value: Result } | { error: unknown }>();
  const server = room.openServer(async (request) => {
    await ask(request).then(
      (value) => answered.open({ value }),
      (error: unknown) => answered.open({ error }),
    );
    return { status: 'succeeded' };
  });
  await server.start();
  const { run } = await server.triggerSync(place(more));
  const answer = await answered.opened;
  await room.ended(run.id);
  if ('error' in answer) throw answer.error;
  return answer.value;
}

test('a sync reads its own live records, by id and page by page', async () => {
  room = await openEngineRoom({ functions: [testSync({ deletes: 'feed' })] });
  const answers = await askInRun(async ({ onPage, onAsk }) => {
    await onPage(pageOf(1, ['a', 'b', 'c', 'd']));
    await onPage(pageOf(2, [], { deletedIds: ['b'] }));
    return [
      await onAsk({ kind: 'read-records', model: 'Issue', ids: ['a', 'b', 'nothing'] }),
      await onAsk({ kind: 'list-records', model: 'Issue', limit: 2 }),
      await onAsk({ kind: 'list-records', model: 'Issue', after: 'c', limit: 2 }),
    ];
  });
  expect(answers).toMatchObject([
    [{ id: 'a', json: '{"id":"a"}', hash: expect.stringMatching(/^[0-9a-f]{32}$/) }],
    [{ id: 'a' }, { id: 'c' }],
    [{ id: 'd' }],
  ]);
});

test('a sync cannot read a model that it does not declare', async () => {
  room = await openEngineRoom();
  const reading = askInRun(({ onAsk }) => onAsk({ kind: 'list-records', model: 'Secret', limit: 1 }));
  await expect(reading).rejects.toMatchObject({ code: 'model_unknown', hint: expect.stringContaining('Issue') });
});

test('a partition goes on where it was', async () => {
  room = await openEngineRoom();
  const states = await askInRun(async ({ onPage, onAsk }) => {
    const before = await onAsk({ kind: 'partition-state', partition: 'p' });
    await onPage(pageOf(1, [], { partition: 'p', cursor: 7, checkpoint: { etag: 'x' } }));
    return [before, await onAsk({ kind: 'partition-state', partition: 'p' })];
  });
  expect(states).toEqual([{}, { cursor: 7, checkpoint: { etag: 'x' } }]);
});

test('variables, credentials and metadata of the run', async () => {
  room = await openEngineRoom();
  const server = room.openServer(
    async ({ start, onAsk }) => {
      seen.push(start.connection.metadata);
      const set = { kind: 'metadata', change: 'set', metadata: { a: 1, b: { c: 2 } } } as const;
      const patch = { kind: 'metadata', change: 'patch', metadata: { a: null, d: 'x' } } as const;
      for (const ask of [variable('set'), variable('other'), { kind: 'credentials' } as const, set, patch]) {
        answers.push(await onAsk(ask));
      }
      return { status: 'succeeded' };
    },
    {},
    { readVariable: ({ name }) => Promise.resolve(name === 'set' ? 'value' : undefined) },
  );
  const variable = (name: string): Ask => ({ kind: 'variable', name });
  const answers: unknown[] = [];
  const seen: unknown[] = [];
  await server.start();
  for (let times = 0; times < 2; times++) await room.ended((await server.triggerSync(place())).run.id);
  expect(answers.slice(0, 5)).toEqual(['value', null, {}, { a: 1, b: { c: 2 } }, { b: { c: 2 }, d: 'x' }]);
  // The second run begins with what the first one left.
  expect(seen).toEqual([{}, { b: { c: 2 }, d: 'x' }]);
});

test('metadata that is too large is refused', async () => {
  room = await openEngineRoom();
  const setting = askInRun(({ onAsk }) =>
    onAsk({ kind: 'metadata', change: 'set', metadata: { a: 'x'.repeat(200_000) } }),
  );
  await expect(setting).rejects.toMatchObject({ code: 'request_invalid' });
});

test('a lock excludes the other runs of its scope until it is given back', async () => {
  room = await openEngineRoom({ connections: 2 });
  const tokens: unknown[] = [];
  const held = createGate();
  const tried = createGate();
  const server = room.openServer(async ({ start, onAsk }) => {
    if (start.connection.id === 'c1') {
      const own = (await onAsk(lock())) as { token: string };
      tokens.push(await onAsk(lock()));
      await onAsk(lock({ name: 'all', scope: 'environment' }));
      held.open();
      await tried.opened;
      await onAsk({ kind: 'unlock', token: own.token });
      tokens.push(await onAsk(lock()));
    } else {
      await held.opened;
      tokens.push(await onAsk(lock()), await onAsk(lock({ name: 'all', scope: 'environment' })));
      tried.open();
    }
    return { status: 'succeeded' };
  });
  await server.start();
  const runs = [await server.triggerSync(place()), await server.triggerSync(place({ connection: 'c2' }))];
  for (const { run } of runs) expect(await room.ended(run.id)).toMatchObject({ status: 'succeeded' });
  // Its own name again: held. Another connection's same name: free. The environment's: held. Given back: free.
  expect(tokens.map((token) => token !== null)).toEqual([false, true, false, true]);
});

test('a lock ends with its run, and with its time', async () => {
  room = await openEngineRoom();
  const answers: unknown[] = [];
  const server = room.openServer(async ({ onAsk }) => {
    answers.push(await onAsk(lock()));
    answers.push(await onAsk(lock({ name: 'brief', ttlMs: 1 })));
    await expect.poll(() => onAsk(lock({ name: 'brief' }))).not.toBeNull();
    return { status: 'failed', error: { code: 'script_failed', message: 'It forgot to unlock.' } };
  });
  await server.start();
  for (let times = 0; times < 2; times++) await room.ended((await server.triggerSync(place())).run.id);
  expect(answers.map((answer) => answer !== null)).toEqual([true, true, true, true]);
});

test('an attempt of a run that was lost holds no lock any more', async () => {
  room = await openEngineRoom();
  const answers: unknown[] = [];
  const server = room.openServer(async ({ onAsk }) => {
    answers.push(await onAsk(lock()));
    return answers.length === 1
      ? { status: 'lost', error: { code: 'run_lost', message: 'Gone.' } }
      : { status: 'succeeded' };
  });
  await server.start();
  await room.ended((await server.triggerSync(place())).run.id);
  expect(answers.map((answer) => answer !== null)).toEqual([true, true]);
});

test('an attempt that is over takes no lock from the next one', async () => {
  room = await openEngineRoom();
  const answers: unknown[] = [];
  let askLate: RunRequest['onAsk'] | undefined;
  const server = room.openServer(async ({ onAsk }) => {
    if (!askLate) {
      askLate = onAsk;
      return { status: 'lost', error: { code: 'run_lost', message: 'Gone.' } };
    }
    answers.push(await askLate(lock()), await onAsk(lock()));
    return { status: 'succeeded' };
  });
  await server.start();
  await room.ended((await server.triggerSync(place())).run.id);
  expect(answers).toEqual([null, { token: expect.any(String) }]);
});

test('an action that a script did not wait for is cancelled with it, and those behind it are not begun', async () => {
  room = await openEngineRoom();
  const begun = createGate<undefined>();
  const over: unknown[] = [];
  const asked: Array<Promise<unknown>> = [];
  const server = room.openServer(async (request) => {
    const { start, onAsk } = request;
    if (start.action) {
      begun.open(undefined);
      return await untilAborted(request);
    }
    for (let times = 0; times < 2; times++) {
      const ask = onAsk({ kind: 'call-action', name: 'create-issue', input: {} });
      asked.push(ask.catch((error: unknown) => over.push(error)));
    }
    await begun.opened;
    return { status: 'failed', error: { code: 'script_timed_out', message: 'Too long.' } };
  });
  await server.start();
  await room.ended((await server.triggerSync(place())).run.id);
  await Promise.all(asked);
  const actions = await room.database.selectFrom('runs').select('status').where('kind', '=', 'action').execute();
  expect(actions).toEqual([{ status: 'cancelled' }]);
  expect(over).toHaveLength(2);
});

test('a script calls an action of its connection as a child, and is told its errors', async () => {
  room = await openEngineRoom();
  const outcomes: unknown[] = [];
  const server = room.openServer(async ({ start, onAsk, isNested }) => {
    if (start.action) {
      const { input } = start.action as { input: { fail?: boolean } };
      if (input.fail)
        return {
          status: 'failed',
          error: { code: 'action_failed', message: 'No.', details: { error: 'full', payload: 1 } },
        };
      return { status: 'succeeded', output: { isNested, input } };
    }
    outcomes.push(await onAsk({ kind: 'call-action', name: 'create-issue', input: { n: 1 } }));
    await onAsk({ kind: 'call-action', name: 'create-issue', input: { fail: true } }).catch((error: unknown) =>
      outcomes.push(error),
    );
    return { status: 'succeeded' };
  });
  await server.start();
  const { run } = await server.triggerSync(place());
  await room.ended(run.id);
  expect(outcomes).toMatchObject([
    { isNested: true, input: { n: 1 } },
    { code: 'action_failed', details: { error: 'full', payload: 1 } },
  ]);
  const children = await room.database
    .selectFrom('runs')
    .select('parent_run_id')
    .where('kind', '=', 'action')
    .execute();
  expect(children).toEqual([{ parent_run_id: run.id }, { parent_run_id: run.id }]);
});

test('actions that call themselves end at the fifth', async () => {
  room = await openEngineRoom();
  const server = room.openServer(async ({ onAsk }) => {
    try {
      return { status: 'succeeded', output: await onAsk({ kind: 'call-action', name: 'create-issue', input: {} }) };
    } catch (error) {
      const { code, message } = error as { code: string; message: string };
      return { status: 'failed', error: { code, message } };
    }
  });
  const calling = server.callAction({
    environmentId: room.environmentId,
    integration: 'tracker',
    connection: 'c1',
    action: 'create-issue',
    input: {},
    signal: new AbortController().signal,
  });
  await expect(calling).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('6th') });
  const { items } = await server.listRuns({ environmentId: room.environmentId, limit: 100 });
  expect(items).toHaveLength(6);
});

test('a child is cancelled with the run that called it', async () => {
  room = await openEngineRoom();
  const begun = createGate();
  const script: Script = async (request) => {
    if (request.start.action) {
      begun.open();
      return untilAborted(request);
    }
    await request.onAsk({ kind: 'call-action', name: 'create-issue', input: {} }).catch(() => undefined);
    return untilAborted(request);
  };
  const server = room.openServer(script);
  await server.start();
  const { run } = await server.triggerSync(place());
  await begun.opened;
  await server.cancelRun({ environmentId: room.environmentId, runId: run.id });
  expect(await room.ended(run.id)).toMatchObject({ status: 'cancelled' });
  const { items } = await server.listRuns({ environmentId: room.environmentId, limit: 10 });
  expect(items.map(({ status }) => status)).toEqual(['cancelled', 'cancelled']);
});

test('a script triggers another sync of its connection', async () => {
  room = await openEngineRoom({ functions: [testSync(), testSync({ name: 'comments' }), testAction()] });
  const answer = await askInRun(({ start, onAsk }) =>
    start.function.name === 'issues' ? onAsk({ kind: 'trigger-sync', name: 'comments' }) : Promise.resolve(null),
  );
  const { runId } = answer as { runId: string };
  expect(await room.ended(runId)).toMatchObject({ function: 'comments', connection: 'c1', status: 'succeeded' });
});

test('without limits of calls there is no need to ask', async () => {
  room = await openEngineRoom();
  expect(await askInRun(({ onAsk }) => onAsk({ kind: 'rate-permit' }))).toMatchObject({ isLimited: false });
});
