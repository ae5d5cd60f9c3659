import { afterEach, describe, expect, it } from 'vitest';
import { startLocalProvider, type LocalProvider, type LocalProviderOptions } from '../testing/local-provider.ts';
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
    const { client, provider, api } = await start({
      provider: { connection: { team: { title: 'Team' } }, verification: { path: '/teams/${connection.team}' } },
      answer: () => ({ body: 'pong' }),
    });
    await verifyConnection(client, provider, { team: 'a/b' });
    expect(api.requests[0]).toMatchObject({ method: 'GET', path: '/teams/a%2Fb' });
  });

  it('tells refused credentials', async () => {
    const { client, provider } = await start({
      provider: { verification: { method: 'HEAD', path: '/me' } },
      answer: () => ({ status: 401 }),
    });
    await expect(verifyConnection(client, provider)).rejects.toMatchObject({ code: 'provider_unauthorized' });
  });

  it('reads an error inside of a 200 where the provider has those', async () => {
    const { client, provider } = await start({
      provider: {
        verification: { method: 'POST', path: '/auth.test' },
        bodyError: { okPath: 'ok', messagePath: 'error', unauthorized: ['invalid_auth'] },
      },
      answer: () => ({ body: { ok: false, error: 'invalid_auth' } }),
    });
    await expect(verifyConnection(client, provider)).rejects.toMatchObject({ code: 'provider_unauthorized' });
  });

  it('asks nothing of a provider without a verification', async () => {
    const { client, provider, api } = await start({ answer: () => 'break' });
    await verifyConnection(client, provider);
    expect(api.requests).toEqual([]);
  });
});
