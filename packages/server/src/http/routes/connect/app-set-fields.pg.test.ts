import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectViewSchema, manifestSchema, type ConnectSession } from '@tenon/runtime/contract';
import { goodApiKey } from '../../../credentials/testing/sample-provider-server.ts';
import { openConnectRoom, type ConnectRoom } from '../../testing/connect-room.ts';

let room: ConnectRoom;

/** A provider at which the app's own secret opens every tenant: who names the tenant chooses whose data it is. */
beforeAll(async () => {
  room = await openConnectRoom();
  const { provider, deploy, environmentId } = room.room;
  const tenant = { title: 'Tenant', pattern: '[a-z0-9]+', setBy: 'app' };
  await deploy(
    environmentId,
    manifestSchema.parse({
      formatVersion: 1,
      runtimeVersion: '0.1.0',
      integrations: [{ name: 'shared', provider: 'shared' }],
      providers: [{ ...provider.apiKeyProvider, name: 'shared', connection: { tenant } }],
      functions: [],
    }),
  );
});
afterAll(() => room.close());

async function view(session: ConnectSession) {
  const answer = await room.call('GET', '/v1/connect/session', {
    headers: { authorization: `Bearer ${session.token}` },
  });
  return connectViewSchema.parse(answer.body).integrations[0];
}

const submit = (session: ConnectSession, config: Record<string, string> = {}) =>
  room.call('POST', '/v1/connect/connections', {
    headers: { authorization: `Bearer ${session.token}` },
    payload: { integration: 'shared', values: { apiKey: goodApiKey }, config },
  });

const configOf = async (name: string) =>
  ((await room.call('GET', `/v1/connections/shared/${name}`)).body as { config?: unknown }).config;

it('are never asked for, and refused from a customer', async () => {
  const session = await room.createSession({ defaults: { shared: { config: { tenant: 'mine' } } } });
  expect((await view(session))?.fields.map(({ name }) => name)).toEqual(['apiKey']);
  expect(await submit(session, { tenant: 'theirs' })).toMatchObject({
    status: 400,
    body: { error: { code: 'credentials_invalid', details: { problems: [{ path: 'config.tenant' }] } } },
  });
  expect(await submit(session)).toMatchObject({ status: 201 });
  expect(await configOf('user1')).toEqual({ tenant: 'mine' });
});

it('make an integration unavailable when the app did not say them', async () => {
  const session = await room.createSession({ endUser: { id: 'user2' } });
  expect((await view(session))?.unavailable).toEqual(expect.any(String));
  expect(await submit(session)).toMatchObject({ status: 424 });
  expect(await submit(session, { tenant: 'theirs' })).toMatchObject({ status: 424 });
  expect(await configOf('user2')).toBeUndefined();
});

it('stay as they are when the customer connects again', async () => {
  const session = await room.createSession({ reconnect: { integration: 'shared', connection: 'user1' } });
  expect((await view(session))?.unavailable).toBeNull();
  expect(await submit(session)).toMatchObject({ status: 201 });
  expect(await configOf('user1')).toEqual({ tenant: 'mine' });
});
