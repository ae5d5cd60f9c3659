import { afterEach, describe, expect, it } from 'vitest';
import { startLocalApi } from '../testing/local-api.ts';
import {
  localApiKey,
  startLocalProvider,
  type LocalProvider,
  type LocalProviderOptions,
} from '../testing/local-provider.ts';
import { verifyConnection } from './verify-connection.ts';

let local: LocalProvider | undefined;

async function start(options: LocalProviderOptions): Promise<LocalProvider> {
  local = await startLocalProvider(options);
  return local;
}

afterEach(async () => {
  await local?.close();
  local = undefined;
});

describe('verifyConnection', () => {
  it('makes the request of the provider, and needs no JSON', async () => {
    const { clientOptions, api } = await start({
      provider: {
        connection: { team: { title: 'Team' } },
        integration: { app: { title: 'App' } },
        verification: { path: '/teams/${connection.team}/${integration.app}/${credential.apiKey}' },
      },
      client: { connection: { id: 'customer-1', config: { team: 'a/b' } }, integration: { app: 'c d' } },
      answer: () => ({ body: 'pong' }),
    });
    await verifyConnection(clientOptions);
    expect(api.requests[0]).toMatchObject({ method: 'GET', path: `/teams/a%2Fb/c%20d/${localApiKey}` });
  });

  it('goes to an address of its own, with a body, and authorised as every request', async () => {
    const other = await startLocalApi(() => ({ body: {} }));
    const { clientOptions, api } = await start({
      provider: {
        verification: {
          method: 'POST',
          baseUrl: `${other.url}/graph`,
          path: '/ql',
          body: { query: '{ me { id } }', variables: { key: '${credential.apiKey}', first: 1 } },
        },
      },
      answer: () => 'break',
    });
    await verifyConnection(clientOptions).finally(() => other.close());
    expect(api.requests).toEqual([]);
    expect(other.requests).toMatchObject([
      { method: 'POST', path: '/graph/ql', headers: { 'x-api-key': localApiKey, 'content-type': 'application/json' } },
    ]);
    expect(JSON.parse(other.requests[0]?.body ?? '')).toEqual({
      query: '{ me { id } }',
      variables: { key: localApiKey, first: 1 },
    });
  });

  it('tells refused credentials', async () => {
    const { clientOptions } = await start({
      provider: { verification: { method: 'HEAD', path: '/me' } },
      answer: () => ({ status: 401 }),
    });
    await expect(verifyConnection(clientOptions)).rejects.toMatchObject({ code: 'provider_unauthorized' });
  });

  it('reads an error inside of a 200 where the provider has those', async () => {
    const { clientOptions } = await start({
      provider: {
        verification: { method: 'POST', path: '/auth.test' },
        bodyError: { okPath: 'ok', messagePath: 'error', unauthorized: ['invalid_auth'] },
      },
      answer: () => ({ body: { ok: false, error: 'invalid_auth' } }),
    });
    await expect(verifyConnection(clientOptions)).rejects.toMatchObject({ code: 'provider_unauthorized' });
  });

  it.each([
    [
      'refused credentials',
      { data: null, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
      'provider_unauthorized',
    ],
    ['another error', { data: null, errors: [{ extensions: { code: 'NOT_FOUND' } }] }, 'provider_error'],
    ['no error', { data: { user: { id: '1' } } }, undefined],
    ['no error by a null', { data: { user: { id: '1' } }, errors: null }, undefined],
  ])('reads the errors of GraphQL, which come with a 200: %s', async (_kind, body, code) => {
    const { clientOptions } = await start({
      provider: {
        verification: { method: 'POST', path: '/graphql' },
        bodyError: {
          errorPath: 'errors.0',
          messagePath: 'errors.0.extensions.code',
          unauthorized: ['UNAUTHENTICATED'],
        },
      },
      answer: () => ({ body }),
    });
    const told = await verifyConnection(clientOptions).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (code === undefined) expect(told).toBeUndefined();
    else expect(told).toMatchObject({ code });
  });

  it('asks nothing of a provider without a verification', async () => {
    const { clientOptions, api } = await start({ answer: () => 'break' });
    await verifyConnection(clientOptions);
    expect(api.requests).toEqual([]);
  });
});
