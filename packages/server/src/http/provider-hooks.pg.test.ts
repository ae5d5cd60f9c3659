import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Connection, ProviderHookName } from '@tenon/runtime/contract';
import { insertBundle } from '../deployments/storage/insert-bundle.ts';
import { hashOf, sampleAction, sampleManifest } from '../deployments/testing/sample-manifest.ts';
import { openConnectRoom, type ConnectRoom } from './testing/connect-room.ts';
import { actionOf, bundleScript, createTestPool } from '../workers/testing/script-pool.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import {
  ledgerHooks,
  oddSecret,
  photosHooks,
  startOddProvider,
  type OddProvider,
} from '../credentials/testing/odd-provider.ts';

let workers: WorkerPool;
let room: ConnectRoom;
let odd: OddProvider;

async function keep(source: string): Promise<string> {
  const code = bundleScript(source);
  await insertBundle(room.room.context.database, { hash: hashOf(code), code });
  return hashOf(code);
}

beforeAll(async () => {
  workers = createTestPool();
  odd = await startOddProvider();
  room = await openConnectRoom({ workers });
  const photos: ProviderHookName[] = ['beforeRequest', 'obtainToken', 'renewToken', 'afterConnect', 'revoke'];
  await room.room.deploy(
    room.room.environmentId,
    sampleManifest({
      integrations: [
        {
          name: 'photos',
          provider: 'photos',
          values: { clientId: { value: 'app-1' }, clientSecret: { value: oddSecret } },
        },
        { name: 'ledger', provider: 'ledger' },
      ],
      providers: [odd.photos, odd.ledger],
      providerHooks: [
        { provider: 'photos', source: 'providers/photos.hooks.ts', bundle: await keep(photosHooks), hooks: photos },
        {
          provider: 'ledger',
          source: 'providers/ledger.hooks.ts',
          bundle: await keep(ledgerHooks),
          hooks: ['obtainToken'],
        },
      ],
      functions: [
        sampleAction({
          integration: 'photos',
          name: 'albums',
          bundle: await keep(actionOf("return (await action.get('/api/albums')).data;")),
        }),
      ],
    }),
  );
});
afterAll(async () => {
  await room.close();
  await odd.close();
  await workers.stop();
});
beforeEach(() => {
  odd.asked.length = 0;
  odd.renewals = 'given';
});

/** In a browser, to the end. */
async function connectPhotos(name: string): Promise<Connection> {
  const session = await room.createSession({ endUser: { id: name } });
  const { attempt, browser } = await room.startAttempt(session, { body: { integration: 'photos' } });
  await browser.fetch(await room.consent(attempt));
  expect(await room.readAttempt(session, attempt.id)).toMatchObject({ status: 'succeeded', error: null });
  return read(name);
}

async function read(name: string): Promise<Connection> {
  return (await room.call('GET', `/v1/connections/photos/${name}`)).body as Connection;
}

const refresh = (name: string) => room.call('POST', `/v1/connections/photos/${name}/refresh`);
const days = (iso: string | null | undefined): number => Math.round((Date.parse(iso ?? '') - Date.now()) / 86_400_000);

describe('a provider whose tokens no data describes', () => {
  it('is connected in a browser: its hooks exchange the code and tell of the account', async () => {
    const connection = await connectPhotos('ada');
    expect(odd.asked).toEqual(['GET /authorize', 'GET /short-token', 'GET /long-token', 'GET /account']);
    expect(connection).toMatchObject({
      state: 'active',
      config: { accountId: '77' },
      expiry: { cause: 'access_token', unless: 'refreshed' },
    });
    expect(days(connection.tokenExpiresAt)).toBe(60);
  });

  it('is renewed with nothing but its token, halfway through its life', async () => {
    const { database, secrets } = room.room.context;
    await connectPhotos('bob');
    const row = () =>
      database
        .selectFrom('connections')
        .select(['id', 'refresh_at'])
        .where('name', '=', 'bob')
        .executeTakeFirstOrThrow();
    const before = await row();
    expect(days(before.refresh_at?.toISOString())).toBeGreaterThanOrEqual(26);
    expect(days(before.refresh_at?.toISOString())).toBeLessThanOrEqual(30);
    const token = (await secrets.read(Number(before.id))).token?.accessToken;
    expect((await refresh('bob')).status).toBe(200);
    const renewed = (await secrets.read(Number(before.id))).token;
    expect(renewed?.accessToken).toMatch(/^long-token-/);
    expect(renewed?.accessToken).not.toBe(token);
    expect(renewed?.refreshToken).toBeUndefined();
  });

  it('has its verification request and its actions signed', async () => {
    await connectPhotos('cyd');
    expect((await room.call('POST', '/v1/connections/photos/cyd/test')).body).toMatchObject({
      ok: true,
      verified: true,
    });
    const action = await room.call('POST', '/v1/connections/photos/cyd/actions/albums', { payload: { input: {} } });
    expect(action.body).toMatchObject({ output: { items: ['summer'] } });
    expect(odd.asked.slice(-2)).toEqual(['GET /api/me', 'GET /api/albums']);
  });

  it.each([
    ['the provider is down', 'broken', 'provider_down', 'provider_error'],
    ['the hook has a bug', 'nonsense', 'misconfigured', 'hook_failed'],
  ] as const)('asks no customer to connect again when %s', async (_name, renewals, failure, code) => {
    await connectPhotos('dan');
    odd.renewals = renewals;
    expect((await refresh('dan')).status).toBe(502);
    expect(await read('dan')).toMatchObject({ state: 'active', problem: { class: failure, code } });
    odd.renewals = 'given';
    expect((await refresh('dan')).status).toBe(200);
    expect(await read('dan')).toMatchObject({ state: 'active', problem: null });
  });

  it('asks the customer to connect again when a hook refuses the credentials', async () => {
    await connectPhotos('eve');
    odd.renewals = 'refused';
    expect((await refresh('eve')).status).toBe(424);
    expect(await read('eve')).toMatchObject({
      state: 'auth_failed',
      problem: {
        class: 'revoked',
        code: 'provider_unauthorized',
        message: expect.stringContaining('revoked') as unknown,
      },
    });
  });

  it('is asked to end the grant of a connection that is deleted', async () => {
    await connectPhotos('fay');
    expect((await room.call('DELETE', '/v1/connections/photos/fay')).status).toBe(204);
    expect(odd.asked.at(-1)).toBe('DELETE /grants');
  });

  it('obtains tokens from what customers type in, and stores nothing that it refuses', async () => {
    const create = (id: string, clientSecret: string) =>
      room.call('POST', '/v1/connections', {
        payload: {
          integration: 'ledger',
          id,
          credentials: { mode: 'oauth2_client_credentials', clientId: 'me', clientSecret },
        },
      });
    const made = await create('gil', 'good-key');
    expect(made).toMatchObject({ status: 201, body: { state: 'active' } });
    expect(odd.asked).toEqual(['GET /ledger-token', 'GET /ledger/me']);
    const refused = await create('hal', 'bad-key');
    expect(refused).toMatchObject({ status: 424, body: { error: { code: 'provider_unauthorized' } } });
    expect((await room.call('GET', '/v1/connections/ledger/hal')).status).toBe(404);
    expect(`${made.text}${refused.text}`).not.toMatch(/good-key|bad-key|ledger-token-1/);
  });
});
