import { afterEach, expect, test } from 'vitest';
import { createGate, openEngineRoom, type EngineRoom, type Script } from '../testing/engine-room.ts';
import { testSync } from '../testing/test-manifest.ts';

let room: EngineRoom;
afterEach(() => room.close());

const succeed: Script = () => Promise.resolve({ status: 'succeeded' });
const trigger = (connection: string, more: object = {}) => ({
  environmentId: room.environmentId,
  integration: 'tracker',
  connection,
  sync: 'issues',
  trigger: 'api' as const,
  ...more,
});

/** How many go on at a time, over all, and of each name. The first one goes on until there is a second. */
function createMeter() {
  const active = new Map<string, number>();
  const most = new Map<string, number>();
  const second = createGate();
  let begun = 0;
  return {
    most: (name: string) => most.get(name) ?? 0,
    async during(names: readonly string[]): Promise<void> {
      for (const name of names) {
        const now = (active.get(name) ?? 0) + 1;
        active.set(name, now);
        most.set(name, Math.max(now, most.get(name) ?? 0));
      }
      if (++begun === 2) second.open();
      await second.opened;
      await new Promise((resolve) => setTimeout(resolve, 1));
      for (const name of names) active.set(name, (active.get(name) ?? 1) - 1);
    },
  };
}

async function finished(count: number): Promise<void> {
  const done = () =>
    room.database
      .selectFrom('runs')
      .select('id')
      .where('status', '=', 'succeeded')
      .execute()
      .then((rows) => rows.length);
  await expect.poll(done, { timeout: 100_000, interval: 50 }).toBe(count);
}

test('two hundred runs on three servers never exceed the limits, and none is left', { timeout: 120_000 }, async () => {
  room = await openEngineRoom({ connections: 100, functions: [] });
  const key = { key: 'heavy', limit: 2 };
  const syncs = [testSync(), testSync({ name: 'comments', concurrency: key })];
  await room.deploy(syncs, { limits: { environment: 5, integration: 4 } });
  const meter = createMeter();
  const script: Script = async ({ start }) => {
    await meter.during(['all', start.function.name, start.connection.id]);
    return { status: 'succeeded' };
  };
  const servers = [1, 2, 3].map(() => room.openServer(script, { concurrency: 8 }));
  for (const server of servers) await server.start();
  const [first] = servers;
  if (!first) throw new Error('There is no server.');
  const names = Array.from({ length: 100 }, (_, index) => `c${index + 1}`);
  await Promise.all(
    names.flatMap((name) => syncs.map((sync) => first.triggerSync(trigger(name, { sync: sync.name })))),
  );
  await finished(200);
  expect(meter.most('all')).toBeLessThanOrEqual(4);
  expect(meter.most('all')).toBeGreaterThan(1);
  expect(meter.most('comments')).toBeLessThanOrEqual(2);
});

test('one connection has no more runs at a time than it may', async () => {
  room = await openEngineRoom({ functions: [] });
  const syncs = Array.from({ length: 12 }, (_, index) => testSync({ name: `sync-${index}` }));
  await room.deploy(syncs, { limits: { connection: 2 } });
  const meter = createMeter();
  const server = room.openServer(
    async ({ start }) => {
      await meter.during([start.connection.id]);
      return { status: 'succeeded' };
    },
    { concurrency: 8 },
  );
  await server.start();
  await Promise.all(syncs.map(({ name }) => server.triggerSync(trigger('c1', { sync: name }))));
  await finished(12);
  expect(meter.most('c1')).toBe(2);
});

test('who waits for room says so, and gets it in the order of priority', async () => {
  room = await openEngineRoom({ connections: 4, functions: [] });
  await room.deploy([testSync({ hasWebhook: true })], { limits: { environment: 1 } });
  const gate = createGate();
  const order: string[] = [];
  const server = room.openServer(async ({ start }) => {
    order.push(`${start.connection.id} ${start.sync?.mode}`);
    if (order.length === 1) await gate.opened;
    return { status: 'succeeded' };
  });
  await server.start();
  const { environmentId } = room;
  const first = await server.triggerSync(trigger('c1'));
  await expect
    .poll(async () => (await server.getRun({ environmentId, runId: first.run.id })).status, { timeout: 10_000 })
    .toBe('running');
  const late = await server.triggerSync(trigger('c2', { trigger: 'schedule' }));
  const normal = await server.triggerSync(trigger('c3'));
  const event = await server.forwardEvent({ ...trigger('c4'), headers: {}, body: {} });
  for (const { run } of [late, normal, event]) {
    const waitsFor = async () => (await server.getRun({ environmentId, runId: run.id })).waitsFor;
    await expect.poll(waitsFor, { timeout: 10_000 }).toBe('concurrency');
  }
  gate.open();
  await finished(4);
  expect(order).toEqual(['c1 run', 'c4 webhook', 'c3 run', 'c2 run']);
});

test('a run of a connection that is full does not hold up one of another', async () => {
  room = await openEngineRoom({ connections: 2, functions: [] });
  await room.deploy([testSync(), testSync({ name: 'comments' })], { limits: { connection: 1 } });
  const gate = createGate();
  const server = room.openServer(async ({ start }) => {
    if (start.connection.id === 'c1') await gate.opened;
    return { status: 'succeeded' };
  });
  await server.start();
  await server.triggerSync(trigger('c1'));
  await server.triggerSync(trigger('c1', { sync: 'comments' }));
  const other = await server.triggerSync(trigger('c2'));
  expect(await room.ended(other.run.id)).toMatchObject({ status: 'succeeded' });
  gate.open();
  await finished(3);
});

test('waiting for room ends when the limits are lifted', async () => {
  room = await openEngineRoom({ connections: 2, functions: [] });
  await room.deploy([testSync()], { limits: { environment: 1 } });
  const gate = createGate();
  const server = room.openServer(async ({ start }) => {
    if (start.connection.id === 'c1') await gate.opened;
    return { status: 'succeeded' };
  });
  await server.start();
  await server.triggerSync(trigger('c1'));
  const { run } = await server.triggerSync(trigger('c2'));
  const named = { environmentId: room.environmentId, runId: run.id };
  await expect.poll(async () => (await server.getRun(named)).waitsFor, { timeout: 10_000 }).toBe('concurrency');
  await room.deploy([testSync()]);
  // Another server looks for what waits when it starts, as all do every ten seconds.
  const second = room.openServer(succeed);
  await second.start();
  expect(await room.ended(run.id)).toMatchObject({ status: 'succeeded' });
  gate.open();
  await finished(2);
});
