import { runHookInMemory, type Exchange } from '@tenon/runtime/testing';
import { expect, it } from 'vitest';
import { openTemplate } from '../harness.ts';
import hooks from './hooks.ts';

const { provider } = openTemplate('github-oauth');

const revoke = (status: number) => {
  const exchange: Exchange = {
    request: {
      method: 'DELETE',
      path: '/applications/Iv1.8a61f9b3a7aba766/token',
      headers: { authorization: `Basic ${btoa('Iv1.8a61f9b3a7aba766:secret-1')}` },
      body: { access_token: 'gho_1' },
    },
    response: { status },
  };
  return runHookInMemory(hooks, {
    provider: { ...provider, retry: { ...provider.retry, maxAttempts: 1 } },
    name: 'revoke',
    token: { accessToken: 'gho_1' },
    integrationValues: { clientId: 'Iv1.8a61f9b3a7aba766', clientSecret: 'secret-1' },
    exchanges: [exchange],
  });
};

it.each([204, 404, 422])("a deleted connection's token is ended, or was before (%i)", async (status) => {
  expect((await revoke(status)).answer).toBeUndefined();
});

it('what GitHub refuses for other reasons is told', async () => {
  await expect(revoke(403)).rejects.toMatchObject({ details: { status: 403 } });
});
