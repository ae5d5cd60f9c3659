import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../database/testing/create-test-database.ts';
import { createGate, silentLog } from '../testing/engine-room.ts';
import { createNotifications, type Notifications } from './notifications.ts';

let server: TestDatabase;
let notifications: Notifications;

beforeEach(async () => {
  server = await createTestDatabase();
  notifications = createNotifications({ pool: server.pool, log: silentLog });
});

afterEach(async () => {
  await notifications.close();
  await server.drop();
});

const ignore = () => undefined;
const send = (channel: string, payload: string) => server.pool.query('select pg_notify($1, $2)', [channel, payload]);

test('a message reaches every listener of its channel and no other', async () => {
  const first = createGate<string>();
  const second = createGate<string>();
  const others: string[] = [];
  await notifications.listen('a', { onMessage: first.open, onReconnect: ignore });
  await notifications.listen('a', { onMessage: second.open, onReconnect: ignore });
  await notifications.listen('B "quoted"', { onMessage: (payload) => others.push(payload), onReconnect: ignore });
  await send('a', 'hello');
  expect(await Promise.all([first.opened, second.opened])).toEqual(['hello', 'hello']);
  expect(others).toEqual([]);
});

test('one connection serves them all, and it is given back', async () => {
  await Promise.all(
    ['a', 'b', 'c'].map((name) => notifications.listen(name, { onMessage: ignore, onReconnect: ignore })),
  );
  const inUse = () => server.pool.totalCount - server.pool.idleCount;
  expect(inUse()).toBe(1);
  await notifications.close();
  expect(inUse()).toBe(0);
});

test('a listener that was closed hears nothing more', async () => {
  const heard: string[] = [];
  const open = createGate<string>();
  const closed = await notifications.listen('a', { onMessage: (payload) => heard.push(payload), onReconnect: ignore });
  await notifications.listen('b', { onMessage: open.open, onReconnect: ignore });
  await closed.close();
  await send('a', 'late');
  await send('b', 'after');
  expect(await open.opened).toBe('after');
  expect(heard).toEqual([]);
});

test('a broken connection is replaced, listeners are told, and messages arrive again', async () => {
  const reconnected = createGate();
  const message = createGate<string>();
  await notifications.listen('a', { onMessage: message.open, onReconnect: () => reconnected.open() });
  await server.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where query like 'listen %' and datname = current_database()`,
  );
  await reconnected.opened;
  await send('a', 'again');
  expect(await message.opened).toBe('again');
});
