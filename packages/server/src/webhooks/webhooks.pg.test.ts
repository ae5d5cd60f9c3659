import { createHmac, randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createKeyring } from '../credentials/keyring.ts';
import { createTestDatabase } from '../database/testing/create-test-database.ts';
import { ensureEnvironment } from '../deployments/ensure-environment.ts';
import { createNotifications } from '../engine/notifications/notifications.ts';
import { claimDeliveries } from './deliveries/claim-deliveries.ts';
import { createDeliverySender } from './deliveries/create-delivery-sender.ts';
import { createDeliverer, type Deliverer } from './deliveries/deliverer.ts';
import { listDeliveries } from './deliveries/list-deliveries.ts';
import { replayDelivery } from './deliveries/replay-delivery.ts';
import { createEndpoint } from './endpoints/create-endpoint.ts';
import { deleteEndpoint } from './endpoints/delete-endpoint.ts';
import { patchEndpoint } from './endpoints/patch-endpoint.ts';
import { rotateSecret } from './endpoints/rotate-secret.ts';
import { publishEvent } from './publish-event.ts';
import { startWebhookReceiver, type WebhookReceiver } from './testing/webhook-receiver.ts';

const hourMs = 3_600_000;
const keyring = createKeyring(randomBytes(32));
const log = pino({ level: 'silent' });
let store: Awaited<ReturnType<typeof createTestDatabase>>;
let environmentId: number;
let receiver: WebhookReceiver;
let passedMs: number;
const now = () => Date.now() + passedMs;

beforeAll(async () => {
  store = await createTestDatabase();
  environmentId = await ensureEnvironment(store.database, 'dev');
});
afterAll(() => store.drop());
beforeEach(async () => {
  passedMs = 0;
  receiver = await startWebhookReceiver();
});
afterEach(async () => {
  await receiver.close();
  await store.database.deleteFrom('webhook_endpoints').execute();
  await store.database.deleteFrom('webhook_events').execute();
});

const context = () => ({ database: store.database, keyring, now });
const register = (events: Parameters<typeof createEndpoint>[1]['events'] = [], ordered = false) =>
  createEndpoint(context(), { environmentId, url: receiver.url, events, ordered });
const connection = { integration: 'tracker', name: 'user1' };
const publish = (data: Record<string, unknown> = { connection: 'user1' }, name = 'user1') =>
  publishEvent(store.database, {
    environmentId,
    type: 'connection.created',
    connection: { ...connection, name },
    data,
  });
const list = async () => (await listDeliveries(store.database, { environmentId, limit: 100 })).items;

/** One process that delivers; what it does can be looked at before it is closed. */
async function deliver(work: (deliverer: Deliverer) => Promise<void> = (one) => one.deliverDue(), guarded = false) {
  const notifications = createNotifications({ pool: store.pool, log });
  const sender = createDeliverySender({ allowPrivateAddresses: !guarded });
  const { database } = store;
  const deliverer = createDeliverer({ database, keyring, notifications, sender, log, now, random: () => 0.5 });
  await work(deliverer);
  await deliverer.stop();
  await sender.close();
  await notifications.close();
}

describe('a delivery', () => {
  it('can be verified by the Standard Webhooks library, and holds the event', async () => {
    const { secret } = await register();
    await publish();
    await deliver();
    const [received] = receiver.received;
    const event = new Webhook(secret).verify(received?.body ?? '', received?.headers ?? {});
    expect(event).toEqual({
      id: received?.headers['webhook-id'],
      type: 'connection.created',
      timestamp: expect.any(String),
      environment: 'dev',
      data: { connection: 'user1' },
    });
    expect(() => new Webhook(secret).verify(`${received?.body} `, received?.headers ?? {})).toThrow();
    expect(await list()).toMatchObject([{ status: 'delivered', attempts: 1, lastStatus: 204, lastError: null }]);
  });

  it('is signed with both secrets for a day after a rotation, then with the new one only', async () => {
    const { id, secret: old } = await register();
    const { secret } = await rotateSecret(context(), { environmentId, id });
    await publish();
    await deliver();
    passedMs = 25 * hourMs;
    await publish();
    await deliver();
    const verify = (key: string, index: number) =>
      new Webhook(key).verify(receiver.received[index]?.body ?? '', {
        ...receiver.received[index]?.headers,
      });
    expect(verify(old, 0)).toEqual(verify(secret, 0));
    const signatures = receiver.received.map(({ headers }) => headers['webhook-signature']?.split(' ').length);
    expect(signatures).toEqual([2, 1]);
  });

  it('goes only where its type is wanted, and to no disabled endpoint', async () => {
    const unwanted = await register(['connection.deleted']);
    const disabled = await register();
    await patchEndpoint(store.database, { environmentId, id: disabled.id }, { disabled: true });
    await publish();
    expect(await list()).toEqual([]);
    expect(await store.database.selectFrom('webhook_events').selectAll().execute()).toEqual([]);
    await deleteEndpoint(store.database, { environmentId, id: unwanted.id });
  });

  it('is not there when the transaction that told it was rolled back', async () => {
    await register();
    const failing = store.database.transaction().execute(async (transaction) => {
      await publishEvent(transaction, { environmentId, type: 'connection.deleted', connection, data: {} });
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    expect(await list()).toEqual([]);
  });

  it('is sent again, with the same id, when it is replayed', async () => {
    await register();
    await publish();
    await deliver();
    const [first] = await list();
    await replayDelivery(store.database, { environmentId, id: first?.id ?? 0 });
    await deliver();
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([first?.eventId, first?.eventId]);
    const elsewhere = replayDelivery(store.database, { environmentId: environmentId + 1, id: first?.id ?? 0 });
    await expect(elsewhere).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('a receiver that fails', () => {
  it.each([
    ['answers 500', { status: 500, body: 'out of\norder' }, 500, 'The receiver answered 500: out of order.'],
    ['redirects', { status: 302, headers: { location: '/elsewhere' } }, 302, 'The receiver answered 302.'],
    ['hangs up', 'nothing' as const, null, 'The receiver could not be reached (UND_ERR_SOCKET).'],
  ])('that %s is tried again later', async (_what, answer, lastStatus, lastError) => {
    await register();
    await publish();
    receiver.answer = answer;
    await deliver();
    expect(receiver.received).toHaveLength(1);
    const [waiting] = await list();
    expect(waiting).toMatchObject({ status: 'pending', attempts: 1, lastStatus, lastError });
    receiver.answer = { status: 200 };
    passedMs = 6_000;
    await deliver();
    expect(await list()).toMatchObject([{ status: 'delivered', attempts: 2 }]);
  });

  it('is asked no sooner than it says', async () => {
    await register();
    await publish();
    receiver.answer = { status: 429, headers: { 'retry-after': '600' } };
    await deliver();
    passedMs = 590_000;
    await deliver();
    expect(receiver.received).toHaveLength(1);
    passedMs = 601_000;
    await deliver();
    expect(receiver.received).toHaveLength(2);
  });

  it('gets every event after an hour of being down, though a server was killed meanwhile', async () => {
    await register();
    receiver.answer = { status: 503 };
    for (let index = 0; index < 20; index++) await publish({ index });
    for (; passedMs < hourMs; passedMs += 120_000) {
      await deliver();
      // Claimed, and never heard of again: what a killed process leaves behind.
      const options = { now: new Date(now()), leaseMs: 30_000, limit: 5, busy: [] };
      await claimDeliveries(store.database, options);
    }
    receiver.answer = { status: 204 };
    receiver.received.length = 0;
    for (const until = passedMs + 24 * hourMs; passedMs < until; passedMs += hourMs) await deliver();
    const indexes = receiver.received.map(({ body }) => (JSON.parse(body) as { data: { index: number } }).data.index);
    expect([...new Set(indexes)].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index));
    expect(new Set((await list()).map(({ status }) => status))).toEqual(new Set(['delivered']));
  });

  it('is given up after more than two days, and says so', async () => {
    await register();
    await publish();
    receiver.answer = { status: 500 };
    let attempts = 0;
    for (; attempts < 20 && (await list())[0]?.status === 'pending'; attempts++) {
      await deliver();
      passedMs += 25 * hourMs;
    }
    expect(await list()).toMatchObject([{ status: 'failed', attempts: 12, nextAttemptAt: null }]);
  });

  it('that leads to a private address is refused where the server forbids it', async () => {
    await register();
    await publish();
    await deliver((deliverer) => deliverer.deliverDue(), true);
    expect(receiver.received).toEqual([]);
    expect((await list())[0]?.lastError).toContain('private network');
  });
});

function signatureOf(
  secret: string,
  { body, headers }: { body: string; headers: Readonly<Record<string, string | undefined>> },
): string {
  const content = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  return `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
}

describe('an ordered endpoint', () => {
  const dataOf = () =>
    receiver.received.map(({ body }) => (JSON.parse(body) as { data: { of: string; index: number } }).data);
  const indexesOf = (name: string) => dataOf().flatMap(({ of, index }) => (of === name ? [index] : []));
  const names = ['user1', 'user2', 'user3'];
  const publishAll = async (from: number, to: number) => {
    for (let index = from; index < to; index++) for (const of of names) await publish({ of, index }, of);
  };

  it('gets the events of each connection in order, after an hour of being down and with servers killed', async () => {
    const { id, secret: old } = await register([], true);
    receiver.answer = { status: 503 };
    await publishAll(0, 5);
    for (let count = 5; passedMs < hourMs; passedMs += 240_000, count++) {
      await publishAll(count, count + 1);
      await Promise.all([deliver(), deliver()]);
      await claimDeliveries(store.database, { now: new Date(now()), leaseMs: 30_000, limit: 2, busy: [] });
    }
    // Only the first of each connection was ever tried.
    expect(new Set(dataOf().map(({ index }) => index))).toEqual(new Set([0]));
    const { secret } = await rotateSecret(context(), { environmentId, id });
    receiver.answer = { status: 204 };
    receiver.received.length = 0;
    for (const until = passedMs + 20 * hourMs; passedMs < until; passedMs += hourMs) await deliver();
    const total = 5 + 15;
    for (const name of names) expect(indexesOf(name)).toEqual(Array.from({ length: total }, (_, index) => index));
    // By hand: the library refuses what its own clock finds too old or too new.
    for (const { body, headers } of receiver.received) {
      const signatures = headers['webhook-signature']?.split(' ');
      expect(signatures).toEqual([secret, old].map((key) => signatureOf(key, { body, headers })));
    }
    expect(new Set((await list()).map(({ status }) => status))).toEqual(new Set(['delivered']));
  });

  it('holds up the connection that is refused, and no other', async () => {
    await register([], true);
    receiver.answer = { status: 500 };
    await publish({ of: 'user1', index: 0 });
    await deliver();
    receiver.answer = { status: 204 };
    receiver.received.length = 0;
    await publish({ of: 'user1', index: 1 });
    await publish({ of: 'user2', index: 0 }, 'user2');
    await deliver();
    expect(dataOf()).toEqual([{ of: 'user2', index: 0 }]);
    passedMs = 6_000;
    await deliver();
    expect(indexesOf('user1')).toEqual([0, 1]);
  });

  it('gets the next event when one was given up', async () => {
    await register([], true);
    await publish({ of: 'user1', index: 0 });
    await publish({ of: 'user1', index: 1 });
    receiver.answer = { status: 500 };
    for (let attempts = 0; attempts < 12; attempts++, passedMs += 25 * hourMs) await deliver();
    expect((await list()).map(({ status }) => status).sort()).toEqual(['failed', 'pending']);
    receiver.answer = { status: 204 };
    passedMs += 25 * hourMs;
    await deliver();
    expect((await list()).map(({ status }) => status).sort()).toEqual(['delivered', 'failed']);
    expect(indexesOf('user1').at(-1)).toBe(1);
  });

  it('is in the order of commits, also when transactions overlap', async () => {
    await register([], true);
    const told: number[] = [];
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        store.database.transaction().execute(async (transaction) => {
          await publishEvent(transaction, {
            environmentId,
            type: 'connection.refreshed',
            connection,
            data: { of: 'user1', index },
          });
          // Still in the transaction, and alone in it: nobody else can be here before it is committed.
          told.push(index);
        }),
      ),
    );
    await deliver();
    expect(indexesOf('user1')).toEqual(told);
  });

  it('is sent a replay at once, beside the order', async () => {
    await register([], true);
    await publish({ of: 'user1', index: 0 });
    await deliver();
    receiver.answer = { status: 500 };
    await publish({ of: 'user1', index: 1 });
    await deliver();
    receiver.answer = { status: 204 };
    receiver.received.length = 0;
    const delivered = (await list()).find(({ status }) => status === 'delivered');
    await replayDelivery(store.database, { environmentId, id: delivered?.id ?? 0 });
    await deliver();
    expect(indexesOf('user1')).toEqual([0]);
  });
});

describe('several servers', () => {
  it('share the work: each event arrives once', async () => {
    await register();
    for (let index = 0; index < 40; index++) await publish({ index });
    await Promise.all([deliver(), deliver(), deliver()]);
    expect(receiver.received).toHaveLength(40);
  });

  it('are woken by an event', async () => {
    await register();
    await deliver(async (deliverer) => {
      await deliverer.start();
      const arrived = new Promise<void>((resolve) => {
        const push = receiver.received.push.bind(receiver.received);
        receiver.received.push = (...items) => {
          resolve();
          return push(...items);
        };
      });
      await publish();
      await arrived;
    });
    expect(await list()).toMatchObject([{ status: 'delivered' }]);
  });
});
