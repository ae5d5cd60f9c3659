import { generateKeyPairSync } from 'node:crypto';
import { defaultRedirectUri, testClient } from '@tenon/test-identity';
import { afterEach, describe, expect, it } from 'vitest';
import { beginAuthorization } from '../begin-authorization.ts';
import { completeAuthorization } from '../complete-authorization.ts';
import { revokeToken } from '../revoke-token.ts';
import { startOauth2, testState, type Oauth2Options, type StartedOauth2 } from '../testing/start-oauth2.ts';

const open: StartedOauth2[] = [];

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function start(options: Oauth2Options = {}): Promise<StartedOauth2> {
  const started = await startOauth2(options);
  open.push(started);
  return started;
}

const failure = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no error',
    (error: unknown) => error,
  );

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });

function keyClient(keys: typeof rsa, alg: 'RS256' | 'ES256'): Oauth2Options {
  const jwk = { ...keys.publicKey.export({ format: 'jwk' }), alg, use: 'sig', kid: 'key-1' };
  const { client_secret: _none, ...client } = testClient;
  return {
    identity: {
      clients: [
        {
          ...client,
          token_endpoint_auth_method: 'private_key_jwt',
          token_endpoint_auth_signing_alg: alg,
          jwks: { keys: [jwk] },
        },
      ],
    },
    auth: { clientAuthentication: 'private_key_jwt' },
    integration: {
      clientId: testClient.client_id,
      // As an environment variable has it.
      privateKey: String(keys.privateKey.export({ format: 'pem', type: 'pkcs8' })).replaceAll('\n', String.raw`\n`),
      keyId: 'key-1',
    },
  };
}

const configurations: [string, Oauth2Options][] = [
  ['a client secret by basic', {}],
  [
    'a client secret in the body',
    {
      identity: { clients: [{ ...testClient, token_endpoint_auth_method: 'client_secret_post' }] },
      auth: { clientAuthentication: 'body' },
    },
  ],
  ['private_key_jwt with an RSA key', keyClient(rsa, 'RS256')],
  ['private_key_jwt with an EC key', keyClient(ec, 'ES256')],
  [
    'client_secret_jwt',
    {
      identity: { clients: [{ ...testClient, token_endpoint_auth_method: 'client_secret_jwt' }] },
      auth: { clientAuthentication: 'client_secret_jwt' },
    },
  ],
  [
    'a public client, for which refresh tokens rotate and PKCE is required',
    {
      identity: {
        rotation: true,
        pkceRequired: true,
        clients: [{ ...testClient, client_secret: undefined, token_endpoint_auth_method: 'none' }],
      },
      auth: { clientAuthentication: 'none', refreshToken: { use: 'rotating' } },
      integration: { clientId: testClient.client_id },
    },
  ],
  ['required PKCE and rotation', { identity: { rotation: true, pkceRequired: true } }],
  ['pairwise subjects', { identity: { pairwise: true } }],
  ['access tokens that are JWTs', { identity: { jwtResource: 'https://api.example' } }],
  [
    'refresh tokens for offline_access only',
    {
      identity: { offlineAccessOnly: true },
      auth: { scopes: ['read', 'offline_access'], authorizationParameters: { prompt: 'consent' } },
    },
  ],
];

describe('an authorization by oauth2', () => {
  it.each(configurations)('gets, renews and revokes tokens with %s', async (_kind, options) => {
    const { identity, context, connect, renew } = await start(options);
    const { token } = await connect({ account: 'ada' });
    expect(token.scopes).toContain('read');
    expect(token.refreshToken).toBeTypeOf('string');
    const renewed = await renew(token);
    expect(renewed.accessToken).not.toBe(token.accessToken);
    if (options.identity?.rotation) expect(renewed.refreshToken).not.toBe(token.refreshToken);
    else expect(renewed.refreshToken).toBe(token.refreshToken);
    if (!options.identity?.jwtResource) {
      expect(await identity.findAccessToken(renewed.accessToken)).toMatchObject({ accountId: 'ada' });
    }
    await revokeToken({ ...context, credentials: { mode: 'oauth2' }, token: renewed });
    expect(await failure(renew(renewed))).toMatchObject({ code: 'provider_unauthorized' });
  });

  it('knows when a token ends', async () => {
    const { connect, clock } = await start({
      identity: { accessTokenTtlSeconds: 7 },
      auth: { refreshToken: { lifetimeSeconds: 1_000, idleSeconds: 100 } },
    });
    const before = clock.now();
    const { token } = await connect();
    const after = clock.now();
    expect(token.expiresAtMs).toBeGreaterThanOrEqual(before + 7_000);
    expect(token.expiresAtMs).toBeLessThanOrEqual(after + 7_000);
    expect(token.refreshExpiresAtMs).toBeLessThanOrEqual(after + 100_000);
    expect(token.refreshExpiresAtMs).toBeGreaterThanOrEqual(before + 100_000);
  });

  it('asks as the provider and the integration want, and lets nobody set what binds the answer', async () => {
    const { context } = await start({
      auth: {
        authorizationUrl: 'https://${connection.domain}.example/auth?fixed=1',
        jwksUrl: undefined,
        scopeSeparator: ',',
        scopeParameter: 'user_scope',
        clientIdParameter: 'client_key',
        authorizationParameters: { access_type: 'offline', state: 'forged' },
      },
    });
    const { url, pending } = await beginAuthorization({
      ...context,
      config: { domain: 'acme' },
      redirectUri: defaultRedirectUri,
      state: testState,
      scopes: ['a b', 'c'],
      authorizationParameters: { access_type: 'online', redirect_uri: 'https://evil.example' },
    });
    expect(url).toMatch(/^https:\/\/acme\.example\/auth\?fixed=1&.*user_scope=a%20b%2Cc/);
    expect(Object.fromEntries(new URL(url).searchParams)).toEqual({
      fixed: '1',
      response_type: 'code',
      user_scope: 'a b,c',
      client_key: testClient.client_id,
      redirect_uri: defaultRedirectUri,
      state: testState,
      access_type: 'online',
      code_challenge: expect.any(String),
      code_challenge_method: 'S256',
    });
    expect(url).not.toContain(pending['codeVerifier']);
  });

  it('gives the provider the registered name of the callback address, for the consent and for the exchange', async () => {
    const registered = 'https://acme.example/registered';
    const { consent, context } = await start({
      identity: { clients: [{ ...testClient, redirect_uris: [registered] }] },
      auth: { redirectUri: '${integration.redirectName}' },
      provider: { integration: { redirectName: { title: 'Redirect name' } } },
      integration: {
        clientId: testClient.client_id,
        clientSecret: testClient.client_secret,
        redirectName: registered,
      },
    });
    const begun = await beginAuthorization({ ...context, redirectUri: defaultRedirectUri, state: testState });
    expect(new URL(begun.url).searchParams.get('redirect_uri')).toBe(registered);
    expect(await completeAuthorization(await consent())).toMatchObject({ token: { accessToken: expect.any(String) } });
  });

  it('sends no PKCE where a provider refuses it', async () => {
    const { consent } = await start({ auth: { pkce: 'none' } });
    const end = await consent();
    expect(end.pending).not.toHaveProperty('codeVerifier');
    expect(await completeAuthorization(end)).toMatchObject({ token: { accessToken: expect.any(String) } });
  });

  it('captures what the redirect, the answer, the ID token and a request with the token tell', async () => {
    const { connect, identity } = await start({
      auth: (_identity, proxy) => ({
        capture: {
          issuer: { from: 'callback', path: 'iss', pattern: String.raw`http://127\.0\.0\.1:\d+` },
          kind: { from: 'token', path: 'token_type' },
          subject: { from: 'id_token', path: 'sub' },
          user: { from: 'request', url: `${proxy.url}/me?of=\${connection.subject}`, path: 'sub' },
          missing: { from: 'token', path: 'nothing.here', optional: true },
        },
      }),
      // What cannot be filled before connecting is done is left out of the request.
      provider: { headers: { 'x-tenant': '${connection.missing}' } },
    });
    const { captured } = await connect({ account: 'ada' });
    expect(captured).toEqual({ issuer: identity.issuer, kind: 'Bearer', subject: 'ada', user: 'ada' });
  });

  it.each([
    ['a missing value', { from: 'token' as const, path: 'team.id' }, 'provider_answer_invalid'],
    [
      'a value of another form',
      { from: 'token' as const, path: 'token_type', pattern: 'x+' },
      'provider_answer_invalid',
    ],
    ['a forged parameter', { from: 'callback' as const, path: 'iss', pattern: 'acme' }, 'authorization_invalid'],
  ])('refuses to capture %s', async (_kind, rule, code) => {
    const { connect } = await start({ auth: { capture: { value: rule } } });
    expect(await failure(connect())).toMatchObject({ code });
  });

  it('tells a customer who refused', async () => {
    const { connect } = await start();
    expect(await failure(connect({ deny: true }))).toMatchObject({ code: 'authorization_denied' });
  });

  it.each([
    ['another state', { state: 'state-of-somebody-else' }],
    ['no state', { state: '' }],
    ['another issuer', { iss: 'https://evil.example' }],
    ['no code', { code: '' }],
    ['a token that nobody asked for', { id_token: 'e30.e30.x' }],
    ['an error, but another state', { error: 'access_denied', state: 'other' }],
  ])('refuses a redirect with %s, and asks for nothing', async (_kind, change) => {
    const { consent, proxy } = await start();
    const end = await consent();
    const callback = { ...end.callback, ...change };
    expect(await failure(completeAuthorization({ ...end, callback }))).toMatchObject({ code: 'authorization_invalid' });
    expect(proxy.requests).toEqual([]);
  });

  it('refuses a code that was used, and a verifier of somebody else', async () => {
    const { consent } = await start();
    const end = await consent();
    const stolen = { ...end, pending: { ...end.pending, codeVerifier: 'x'.repeat(43) } };
    expect(await failure(completeAuthorization(stolen))).toMatchObject({ code: 'provider_unauthorized' });
    const another = await consent();
    await completeAuthorization(another);
    expect(await failure(completeAuthorization(another))).toMatchObject({ code: 'provider_unauthorized' });
  });

  it.each([
    ['a wrong secret', { clientId: testClient.client_id, clientSecret: 'wrong-secret-value' }],
    ['no secret', { clientId: testClient.client_id }],
  ])('tells the developer of %s', async (_kind, integration) => {
    const { consent } = await start();
    const error = await failure(completeAuthorization({ ...(await consent()), integration }));
    expect(error).toMatchObject({ code: 'integration_misconfigured' });
    expect(JSON.stringify(error) + String(error)).not.toContain('wrong-secret-value');
  });

  it('tells the developer that there is no client id before anybody is sent away', async () => {
    const { context } = await start();
    const begun = beginAuthorization({
      ...context,
      integration: {},
      redirectUri: defaultRedirectUri,
      state: testState,
    });
    expect(await failure(begun)).toMatchObject({ code: 'integration_misconfigured', message: /client id/ });
  });

  it('resolves when a provider has no address to revoke at, and has the customer connect again without a refresh token', async () => {
    const { connect, context, proxy, renew } = await start({ auth: { revocationUrl: undefined } });
    const { token } = await connect();
    const asked = proxy.requests.length;
    await revokeToken({ ...context, credentials: { mode: 'oauth2' }, token });
    expect(await failure(renew({ accessToken: 'at', refreshToken: '' }))).toMatchObject({
      code: 'provider_unauthorized',
    });
    expect(proxy.requests).toHaveLength(asked);
  });
});
