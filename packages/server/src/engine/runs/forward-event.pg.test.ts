import { afterEach, expect, test } from 'vitest';
import { createGate, openEngineRoom, pageOf, type EngineRoom, type Script } from '../testing/engine-room.ts';
import { testSync } from '../testing/test-manifest.ts';

let room: EngineRoom;
afterEach(() => room.close());

const withWebhook = testSync({ hasWebhook: true });
const place = () => ({
  environmentId: room.environmentId,
  integration: 'tracker',
  connection: 'c1',
  sync: 'issues',
});
const eventOf = (number: number, more: object = {}) => ({ ...place(), headers: {}, body: { number }, ...more });
const succeed: Script = () => Promise.resolve({ status: 'succeeded' });

async function finishedRuns(count: number): Promise<void> {
  const finished = () =>
    room.database
      .selectFrom('runs')
      .select('id')
      .where('status', '=', 'succeeded')
      .execute()
      .then((rows) => rows.length);
  await expect.poll(finished, { timeout: 60_000, interval: 50 }).toBe(count);
}

test('an event reaches onWebhook as it was sent, without the cursor of the live sync', async () => {
  room = await openEngineRoom({ functions: [withWebhook] });
  await room.setCursor('live');
  const given: unknown[] = [];
  const server = room.openServer((request) => {
    given.push(request.start.sync);
    return succeed(request);
  });
  await server.start();
  const { run, created } = await server.forwardEvent({
    ...place(),
    headers: { 'X-Event': 'opened' },
    body: { text: 'a\0b' },
    key: 'k',
  });
  expect(created).toBe(true);
  expect(run).toMatchObject({ trigger: 'webhook' });
  expect(await room.ended(run.id)).toMatchObject({ status: 'succeeded' });
  expect(given).toMatchObject([
    { mode: 'webhook', state: {}, event: { headers: { 'x-event': 'opened' }, body: { text: 'a\ufffdb' } } },
  ]);
  expect(given[0]).not.toHaveProperty('event.key');
  expect(await room.readCursor()).toBe('live');
});

test('events of a sync are processed one by one and in order, on several servers, beside its live run', async () => {
  room = await openEngineRoom({ functions: [withWebhook] });
  const order: unknown[] = [];
  const live = createGate();
  let active = 0;
  let most = 0;
  const script: Script = async (request) => {
    if (request.start.sync?.mode === 'run') await live.opened;
    else {
      most = Math.max(most, ++active);
      await new Promise((resolve) => setImmediate(resolve));
      order.push(request.start.sync?.event?.body);
      active--;
    }
    return { status: 'succeeded' };
  };
  const first = room.openServer(script);
  const second = room.openServer(script);
  await first.start();
  await second.start();
  const { run } = await first.triggerSync({ ...place(), trigger: 'api' });
  const numbers = Array.from({ length: 25 }, (_, number) => number);
  for (const number of numbers) await first.forwardEvent(eventOf(number));
  await finishedRuns(25);
  expect(order).toEqual(numbers.map((number) => ({ number })));
  expect(most).toBe(1);
  live.open();
  expect(await room.ended(run.id)).toMatchObject({ status: 'succeeded' });
});

test('events that were answered are processed by the next server, should theirs die', async () => {
  room = await openEngineRoom({ functions: [withWebhook] });
  // Takes events, and dies before it tells any engine of them.
  const dead = room.openServer(succeed, {}, { engine: deafEngine });
  for (let number = 0; number < 20; number++) await dead.forwardEvent(eventOf(number));
  const seen: unknown[] = [];
  const heir = room.openServer((request) => {
    seen.push(request.start.sync?.event?.body);
    return succeed(request);
  });
  await heir.start();
  await finishedRuns(20);
  expect(seen).toEqual(Array.from({ length: 20 }, (_, number) => ({ number })));
});

test('of two events with the same key one is processed, however they come', async () => {
  room = await openEngineRoom({ functions: [withWebhook] });
  let executions = 0;
  const server = room.openServer((request) => {
    executions++;
    return succeed(request);
  });
  await server.start();
  const all = await Promise.all(Array.from({ length: 10 }, () => server.forwardEvent(eventOf(1, { key: 'same' }))));
  expect(new Set(all.map(({ run }) => run.id)).size).toBe(1);
  expect(all.filter(({ created }) => created)).toHaveLength(1);
  await server.forwardEvent(eventOf(1, { key: 'other' }));
  await finishedRuns(2);
  expect(executions).toBe(2);
});

test('a sync without onWebhook says so', async () => {
  room = await openEngineRoom();
  const server = room.openServer(succeed);
  await expect(server.forwardEvent(eventOf(1))).rejects.toMatchObject({
    code: 'not_found',
    hint: expect.stringContaining('onWebhook'),
  });
  await expect(server.forwardEvent(eventOf(1, { sync: 'nothing' }))).rejects.toMatchObject({ code: 'not_found' });
  await expect(server.forwardEvent(eventOf(1, { connection: 'c9' }))).rejects.toMatchObject({ code: 'not_found' });
});

test('what an event saves deletes nothing of a sync that deletes what is absent', async () => {
  room = await openEngineRoom({ functions: [testSync({ hasWebhook: true, deletes: 'absence', airbag: null })] });
  const server = room.openServer(async (request) => {
    await request.onPage(pageOf(1, request.start.sync?.mode === 'webhook' ? ['b'] : ['a', 'b', 'c']));
    return { status: 'succeeded' };
  });
  await server.start();
  await room.ended((await server.triggerSync({ ...place(), trigger: 'api' })).run.id);
  const { run } = await server.forwardEvent(eventOf(1));
  expect(await room.ended(run.id)).toMatchObject({ status: 'succeeded', counts: { deleted: 0 } });
});

test('a cancelled event lets the next one begin, and an ended one can be run again', async () => {
  room = await openEngineRoom({ functions: [withWebhook] });
  const gate = createGate();
  const seen: unknown[] = [];
  const server = room.openServer(async (request) => {
    await gate.opened;
    seen.push(request.start.sync?.event?.body);
    return { status: 'succeeded' };
  });
  await server.start();
  const runs = [];
  for (let number = 0; number < 3; number++) runs.push((await server.forwardEvent(eventOf(number))).run.id);
  const [first = '', second = '', third = ''] = runs;
  const { environmentId } = room;
  await expect
    .poll(async () => (await server.getRun({ environmentId, runId: third })).waitsFor, { timeout: 10_000 })
    .toBe('earlier_run');
  expect(await server.cancelRun({ environmentId, runId: second })).toMatchObject({ status: 'cancelled' });
  gate.open();
  await room.ended(first);
  await room.ended(third);
  const again = await server.retryRun({ environmentId, runId: second });
  expect(again).toMatchObject({ created: true, run: { trigger: 'webhook' } });
  await room.ended(again.run.id);
  expect(seen).toEqual([{ number: 0 }, { number: 2 }, { number: 1 }]);
});

test('a replay of the quarantine is a run of its own mode', async () => {
  room = await openEngineRoom();
  const modes: unknown[] = [];
  const server = room.openServer((request) => {
    modes.push(request.start.sync?.mode);
    return succeed(request);
  });
  await server.start();
  const { run } = await server.replayQuarantine(place());
  expect(await room.ended(run.id)).toMatchObject({ status: 'succeeded', trigger: 'replay' });
  expect(modes).toEqual(['replay']);
});

const deafEngine = {
  start: () => Promise.resolve(),
  stop: () => Promise.resolve(),
  enqueue: () => Promise.resolve(),
};
