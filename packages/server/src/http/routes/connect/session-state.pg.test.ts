import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ConnectSession } from '@tenon/runtime/contract';
import { otherKey } from '../../testing/http-room.ts';
import { openConnectRoom, type ConnectRoom } from '../../testing/connect-room.ts';

let room: ConnectRoom;

beforeAll(async () => {
  room = await openConnectRoom();
});
afterAll(() => room.close());

const read = ({ id }: Pick<ConnectSession, 'id'>, headers = {}) =>
  room.call('GET', `/v1/connect/sessions/${id}`, { headers });

it('tells who made a session what was connected in it', async () => {
  const session = await room.createSession();
  expect((await read(session)).body).toEqual({
    id: session.id,
    status: 'open',
    connected: [],
    error: null,
    expiresAt: session.expiresAt,
  });
  const { attempt, browser } = await room.startAttempt(session);
  expect((await read(session)).body).toMatchObject({ connected: [] });
  await browser.fetch(await room.consent(attempt));
  expect((await read(session)).body).toMatchObject({
    connected: [{ integration: 'docs', connection: 'user1' }],
    error: null,
  });
});

it('tells how the last attempt failed, until another succeeds', async () => {
  const session = await room.createSession({ endUser: { id: 'user2' } });
  const { attempt, browser } = await room.startAttempt(session);
  const back = new URL(await room.consent(attempt));
  const denied = new URL(back.origin + back.pathname);
  for (const [name, value] of back.searchParams) if (name !== 'code') denied.searchParams.set(name, value);
  denied.searchParams.set('error', 'access_denied');
  await browser.fetch(denied.href);
  expect((await read(session)).body).toMatchObject({ connected: [], error: { code: 'authorization_denied' } });
  const again = await room.startAttempt(session);
  await again.browser.fetch(await room.consent(again.attempt));
  expect((await read(session)).body).toMatchObject({ connected: [{ connection: 'user2' }], error: null });
});

it('takes a session back, whose token then opens nothing', async () => {
  const session = await room.createSession({ endUser: { id: 'user3' } });
  await room.startAttempt(session);
  expect((await room.call('DELETE', `/v1/connect/sessions/${session.id}`)).status).toBe(204);
  const view = await fetch(`${room.url}/v1/connect/session`, {
    headers: { authorization: `Bearer ${session.token}` },
  });
  expect(view.status).toBe(401);
  expect((await read(session)).status).toBe(404);
});

it("shows nobody another environment's session", async () => {
  const session = await room.createSession({ endUser: { id: 'user4' } });
  const headers = { authorization: `Bearer ${otherKey}` };
  expect((await read(session, headers)).status).toBe(404);
  expect((await room.call('DELETE', `/v1/connect/sessions/${session.id}`, { headers })).status).toBe(404);
  expect((await read(session)).status).toBe(200);
});
