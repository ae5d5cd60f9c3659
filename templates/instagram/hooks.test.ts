import { runHookInMemory, type Exchange } from '@tenon/runtime/testing';
import { describe, expect, it } from 'vitest';
import { openTemplate } from '../harness.ts';
import hooks from './hooks.ts';

const { provider } = openTemplate('instagram');
const integrationValues = { clientId: '990602627938098', clientSecret: 'a1b2C3D4' };
const authorization = { code: 'AQBx-hBsH3', redirectUri: 'https://example.com/oauth/callback', parameters: {} };

const exchangeCode = (body: unknown): Exchange => ({
  request: {
    method: 'POST',
    path: '/oauth/access_token',
    body: {
      client_id: '990602627938098',
      client_secret: 'a1b2C3D4',
      grant_type: 'authorization_code',
      redirect_uri: 'https://example.com/oauth/callback',
      code: 'AQBx-hBsH3',
    },
  },
  response: { status: 200, body },
});

const lengthen: Exchange = {
  request: {
    method: 'GET',
    path: '/access_token?grant_type=ig_exchange_token&client_secret=a1b2C3D4&access_token=short-token',
  },
  response: { status: 200, body: { access_token: 'long-token', token_type: 'bearer', expires_in: 5_183_944 } },
};

const renew = (status: number, body: unknown): Exchange => ({
  request: { method: 'GET', path: '/refresh_access_token?grant_type=ig_refresh_token&access_token=long-token' },
  response: { status, body },
});

const renewal = (exchange: Exchange) =>
  runHookInMemory(hooks, {
    provider: { ...provider, retry: { ...provider.retry, maxAttempts: 1 } },
    name: 'renewToken',
    token: { accessToken: 'long-token' },
    exchanges: [exchange],
    integrationValues,
  });

describe('the hooks of instagram', () => {
  it.each([
    ['as documented', { data: [{ access_token: 'short-token', user_id: '1020', permissions: 'a,b' }] }],
    ['without a list', { access_token: 'short-token', user_id: 1_020, permissions: ['a'] }],
  ])('exchange a code for a token of 60 days, with an answer %s', async (_name, body) => {
    const { answer } = await runHookInMemory(hooks, {
      provider,
      name: 'obtainToken',
      authorization,
      exchanges: [exchangeCode(body), lengthen],
      integrationValues,
    });
    expect(answer).toEqual({ accessToken: 'long-token', expiresInSeconds: 5_183_944 });
  });

  it('fail without blaming the customer when the answer is another one', async () => {
    const options = { provider, name: 'obtainToken', authorization, integrationValues } as const;
    await expect(
      runHookInMemory(hooks, { ...options, exchanges: [exchangeCode({ error_type: 'OAuthException' })] }),
    ).rejects.toMatchObject({ code: 'hook_failed' });
  });

  it('renew a token with itself', async () => {
    const { answer } = await renewal(renew(200, { access_token: 'longer', token_type: 'bearer', expires_in: 60 }));
    expect(answer).toEqual({ accessToken: 'longer', expiresInSeconds: 60 });
  });

  it('have the customer connect again only when the token is not valid any more', async () => {
    const ended = renew(400, { error: { message: 'Session has expired', type: 'OAuthException', code: 190 } });
    await expect(renewal(ended)).rejects.toMatchObject({ code: 'provider_unauthorized' });
    const young = renew(400, { error: { message: 'Too young', type: 'OAuthException', code: 10 } });
    await expect(renewal(young)).rejects.toMatchObject({ code: 'provider_error' });
    await expect(renewal(renew(503, {}))).rejects.toMatchObject({ code: 'provider_error' });
  });
});
