import { afterEach, describe, expect, it } from 'vitest';
import {
  defaultRedirectUri,
  startIdentityProvider,
  testClient,
  type IdentityProvider,
} from './start-identity-provider.ts';
import type { IdentityProviderOptions } from './start-identity-provider.ts';

const open: IdentityProvider[] = [];

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function start(options: IdentityProviderOptions = {}): Promise<IdentityProvider> {
  const provider = await startIdentityProvider(options);
  open.push(provider);
  return provider;
}

function authorizationUrl(provider: IdentityProvider): string {
  const query = new URLSearchParams({
    client_id: testClient.client_id,
    redirect_uri: defaultRedirectUri,
    response_type: 'code',
    scope: 'openid read',
    state: 'state-1',
  });
  return `${provider.authorizationUrl}?${query}`;
}

async function requestToken(provider: IdentityProvider, parameters: Record<string, string>) {
  const basic = Buffer.from(`${testClient.client_id}:${testClient.client_secret}`).toString('base64');
  const answer = await fetch(provider.tokenUrl, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}` },
    body: new URLSearchParams(parameters),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, string> };
}

async function signIn(provider: IdentityProvider): Promise<Record<string, string>> {
  const { code = '' } = await provider.consent(authorizationUrl(provider), { account: 'ada' });
  const { body } = await requestToken(provider, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: defaultRedirectUri,
  });
  return body;
}

describe('startIdentityProvider', () => {
  it('brings a customer who consents back with a code, which gives tokens', async () => {
    const provider = await start({ accessTokenTtlSeconds: 5 });
    const callback = await provider.consent(authorizationUrl(provider), { account: 'ada' });
    expect(callback).toMatchObject({ state: 'state-1', iss: provider.issuer, code: expect.any(String) });
    const token = await signIn(provider);
    expect(token).toMatchObject({ expires_in: 5, scope: 'openid read', refresh_token: expect.any(String) });
    expect(await provider.findAccessToken(token['access_token'] ?? '')).toMatchObject({ accountId: 'ada' });
  });

  it('brings a customer who refuses back with the error', async () => {
    const provider = await start();
    expect(await provider.consent(authorizationUrl(provider), { deny: true })).toMatchObject({
      error: 'access_denied',
      state: 'state-1',
    });
  });

  it('rotates: a second use of a refresh token ends the grant', async () => {
    const provider = await start({ rotation: true });
    const { refresh_token: first = '' } = await signIn(provider);
    const renewed = await requestToken(provider, { grant_type: 'refresh_token', refresh_token: first });
    expect(renewed.body['refresh_token']).not.toBe(first);
    const again = await requestToken(provider, { grant_type: 'refresh_token', refresh_token: first });
    expect(again).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    const second = renewed.body['refresh_token'] ?? '';
    const ended = await requestToken(provider, { grant_type: 'refresh_token', refresh_token: second });
    expect(ended).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect(provider.tokenRequests).toEqual(['authorization_code', 'refresh_token', 'refresh_token', 'refresh_token']);
  });
});
