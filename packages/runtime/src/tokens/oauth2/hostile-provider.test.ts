import { testClient, type HostileAnswer, type TamperRequest } from '@tenon/test-identity';
import { afterEach, describe, expect, it } from 'vitest';
import type { ProviderToken } from '../../provider/provider-token.ts';
import { completeAuthorization } from '../complete-authorization.ts';
import { startOauth2, type Oauth2Options, type StartedOauth2 } from '../testing/start-oauth2.ts';

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

const json = (status: number, body: unknown): HostileAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** Lets the provider answer, and changes what it said. */
const change =
  (by: (values: Record<string, unknown>) => Record<string, unknown>): TamperRequest =>
  async (_request, pass) => {
    const answer = await pass();
    return { ...answer, body: JSON.stringify(by(JSON.parse(answer.body) as Record<string, unknown>)) };
  };

const say =
  (answer: HostileAnswer): TamperRequest =>
  async () =>
    answer;

const page = (status: number): HostileAnswer => ({
  status,
  headers: { 'content-type': 'text/html' },
  body: '<!DOCTYPE html><h1>Gateway</h1>',
});

const rotating: Oauth2Options = { identity: { rotation: true }, auth: { refreshToken: { use: 'rotating' } } };

function listSecrets(token: ProviderToken): string[] {
  return [token.accessToken, token.refreshToken ?? '', testClient.client_secret];
}

function expectNoSecret(error: unknown, secrets: readonly string[]): void {
  const shown = `${JSON.stringify(error)} ${String(error)} ${error instanceof Error ? String(error.cause) : ''}`;
  for (const secret of secrets) {
    expect(shown).not.toContain(secret);
    expect(shown).not.toContain(Buffer.from(`${testClient.client_id}:${secret}`).toString('base64'));
  }
}

describe('a renewal at a hostile provider', () => {
  it.each([
    ['a blank refresh token', { refresh_token: '' }],
    ['a refresh token that is null', { refresh_token: null }],
    ['a refresh token that is no text', { refresh_token: 17 }],
    ['no refresh token', { refresh_token: undefined }],
    ['a blank scope', { scope: '' }],
    ['no scope', { scope: undefined }],
  ])('keeps what it had over %s', async (_kind, changes) => {
    const { connect, renew, proxy } = await start();
    const { token } = await connect();
    proxy.tamper(change((values) => ({ ...values, ...changes })));
    const renewed = await renew(token);
    expect(renewed.accessToken).not.toBe(token.accessToken);
    expect(renewed).toMatchObject({ refreshToken: token.refreshToken, scopes: token.scopes });
  });

  it.each([
    ['a text', '120', 120_000],
    ['nothing', undefined, 900_000],
    ['a blank', '', 900_000],
    ['null', null, 900_000],
    ['a negative number', -5, 900_000],
    ['zero', 0, 900_000],
    ['a word', 'soon', 900_000],
    ['a list', [3_600], 900_000],
    ['more than any date', 1e300, 900_000],
    ['a number that no date can hold', 9e15, 900_000],
  ])('knows when the token ends over an expires_in that is %s', async (_kind, expires_in, lifetimeMs) => {
    const { connect, renew, proxy, clock } = await start({ auth: { defaultExpirySeconds: 900 } });
    const { token } = await connect();
    proxy.tamper(change((values) => ({ ...values, expires_in })));
    const before = clock.now();
    const { expiresAtMs = 0 } = await renew(token);
    expect(expiresAtMs).toBeGreaterThanOrEqual(before + lifetimeMs);
    expect(expiresAtMs).toBeLessThanOrEqual(clock.now() + lifetimeMs);
    expect(new Date(expiresAtMs).getTime()).not.toBeNaN();
  });

  it('does not take the end of the old token for that of a new one without', async () => {
    const { connect, renew, proxy } = await start();
    const { token } = await connect();
    proxy.tamper(change((values) => ({ ...values, expires_in: undefined })));
    expect(await renew(token)).not.toHaveProperty('expiresAtMs');
  });

  it.each([
    ['invalid_grant', json(400, { error: 'invalid_grant' }), 'provider_unauthorized'],
    ['a refusal in a 200', json(200, { error: 'bad_refresh_token' }), 'provider_unauthorized'],
    ['401 and no word', { status: 401, headers: {}, body: '' }, 'provider_unauthorized'],
    [
      'a word that the provider declares',
      json(403, { error: 'unauthorized_client', error_description: 'refresh_token is invalid' }),
      'provider_unauthorized',
    ],
    ['invalid_client', json(401, { error: 'invalid_client' }), 'integration_misconfigured'],
    ['unauthorized_client', json(400, { error: 'unauthorized_client' }), 'integration_misconfigured'],
    ['invalid_scope', json(400, { error: 'invalid_scope' }), 'integration_misconfigured'],
    ['redirect_uri_mismatch in a 200', json(200, { error: 'redirect_uri_mismatch' }), 'integration_misconfigured'],
    ['an error without a known word', json(400, { error: 'teapot' }), 'provider_error'],
    ['a passing error', json(400, { error: 'temporarily_unavailable' }), 'provider_error'],
    ['a 500 with the word of a refusal', json(500, { error: 'invalid_grant' }), 'provider_error'],
    ['a 502 page', page(502), 'provider_error'],
    ['a 401 page of something between', page(401), 'provider_error'],
    ['a 200 page', page(200), 'provider_answer_invalid'],
    ['an empty answer', { status: 200, headers: {}, body: '' }, 'provider_answer_invalid'],
    ['a JSON text', json(200, 'ok'), 'provider_answer_invalid'],
    ['a token that is a number', json(200, { access_token: 17 }), 'provider_answer_invalid'],
    ['a blank token', json(200, { access_token: ' ' }), 'provider_answer_invalid'],
    [
      'a redirect',
      { status: 307, headers: { location: 'http://127.0.0.1:1/token' }, body: '' },
      'provider_answer_invalid',
    ],
    ['a rate limit', json(429, { error: 'slow_down' }), 'provider_rate_limited'],
    ['a rate limit in a 200', json(200, { error: 'ratelimited' }), 'provider_rate_limited'],
    ['two megabytes', { status: 200, headers: {}, body: 'x'.repeat(2_000_000) }, 'provider_answer_too_large'],
  ])('tells %s as what it is, without a secret', async (_kind, answer, code) => {
    const { connect, renew, proxy } = await start({ auth: { answer: { grantRefused: ['refresh_token is invalid'] } } });
    const { token } = await connect();
    proxy.tamper(say(answer));
    const error = await failure(renew(token));
    expect(error).toMatchObject({ code });
    expectNoSecret(error, listSecrets(token));
  });

  it('hides secrets that a refusal quotes without a name', async () => {
    const { connect, renew, proxy } = await start();
    const { token } = await connect();
    proxy.tamper(async (request) => {
      const used = new URLSearchParams(request.body).get('refresh_token') ?? '';
      const [, basic = ''] = request.headers['authorization']?.split(' ') ?? [];
      const [, secret = ''] = Buffer.from(basic, 'base64').toString().split(':');
      expect([used, secret]).toEqual([token.refreshToken, testClient.client_secret]);
      return json(400, { error: 'teapot', error_description: `no ${used}, no ${basic}, no ${secret}` });
    });
    const error = await failure(renew(token));
    expect(error).toMatchObject({ code: 'provider_error', message: expect.stringContaining('teapot') });
    expectNoSecret(error, listSecrets(token));
  });

  it('is repeated after a failure that may pass, where the refresh token can be used again', async () => {
    const { connect, renew, proxy, clock } = await start();
    const { token } = await connect();
    const asked = proxy.requests.length;
    proxy.tamper(async (_request, pass, index) => (index === asked ? page(503) : pass()));
    expect((await renew(token)).accessToken).not.toBe(token.accessToken);
    expect(proxy.requests).toHaveLength(asked + 2);
    expect(clock.waits).toHaveLength(1);
  });

  it.each([
    ['answers with 500 after it rotated', async (_request, pass) => (await pass(), page(500)), 'provider_error'],
    [
      'breaks the connection after it rotated',
      async (_request, pass) => (await pass(), 'break'),
      'provider_unreachable',
    ],
    ['breaks the connection', async () => 'break', 'provider_unreachable'],
  ] satisfies [string, TamperRequest, string][])(
    'is not repeated where the provider %s',
    async (_kind, tamper, code) => {
      const { connect, renew, proxy, identity } = await start(rotating);
      const { token } = await connect();
      const asked = proxy.requests.length;
      proxy.tamper(tamper);
      expect(await failure(renew(token))).toMatchObject({ code, details: { mayHaveActed: true } });
      expect(proxy.requests).toHaveLength(asked + 1);
      expect(identity.tokenRequests.filter((grant) => grant === 'refresh_token').length).toBeLessThanOrEqual(1);
    },
  );

  it('is not repeated where a provider that rotates does not answer in time', async () => {
    const { connect, renew, proxy } = await start({ ...rotating, provider: { requestTimeoutMs: 300 } });
    const { token } = await connect();
    const asked = proxy.requests.length;
    proxy.tamper(async () => 'silence');
    expect(await failure(renew(token))).toMatchObject({ code: 'provider_timeout', details: { mayHaveActed: true } });
    expect(proxy.requests).toHaveLength(asked + 1);
  });

  it('is repeated by a provider that rotates after a rate limit, which did nothing', async () => {
    const { connect, renew, proxy, clock } = await start(rotating);
    const { token } = await connect();
    const asked = proxy.requests.length;
    proxy.tamper(async (_request, pass, index) =>
      index === asked ? { status: 429, headers: { 'retry-after': '3' }, body: '' } : pass(),
    );
    expect((await renew(token)).refreshToken).not.toBe(token.refreshToken);
    expect(clock.waits).toEqual([3_000]);
  });

  it('is repeated where no connection was made', async () => {
    const { connect, renew, clock } = await start({
      ...rotating,
      // Nothing listens on the port of tcpmux.
      auth: { ...rotating.auth, refreshUrl: 'http://127.0.0.1:1/token' },
    });
    const { token } = await connect();
    const error = await failure(renew(token));
    expect(error).toMatchObject({ code: 'provider_unreachable', details: { attempts: 3 } });
    expect(error).not.toHaveProperty('details.mayHaveActed');
    expect(clock.waits).toHaveLength(2);
  });

  it('takes the answer of an earlier renewal for what it says', async () => {
    const { connect, renew, proxy } = await start();
    const { token } = await connect();
    let earlier: HostileAnswer | undefined;
    proxy.tamper(async (_request, pass) => (earlier ??= await pass()));
    const first = await renew(token);
    expect(await renew(first)).toMatchObject({ accessToken: first.accessToken, refreshToken: token.refreshToken });
  });

  it('ends with the reason of its signal', async () => {
    const { connect, renew, proxy, context } = await start();
    const { token } = await connect();
    const controller = new AbortController();
    Object.assign(context, { signal: controller.signal });
    proxy.tamper(async () => {
      controller.abort(new Error('the server stops'));
      return 'silence';
    });
    expect(await failure(renew(token))).toMatchObject({ message: 'the server stops' });
  });
});

describe('a code exchange at a hostile provider', () => {
  it.each([
    ['answers with 500', async (_request, pass) => (await pass(), page(500)), 'provider_error'],
    ['breaks the connection', async () => 'break', 'provider_unreachable'],
  ] satisfies [string, TamperRequest, string][])('is made once where the provider %s', async (_kind, tamper, code) => {
    const { consent, proxy } = await start();
    const end = await consent();
    proxy.tamper(tamper);
    expect(await failure(completeAuthorization(end))).toMatchObject({ code });
    expect(proxy.requests).toHaveLength(1);
  });

  it('grants what was asked for where the answer does not say', async () => {
    const { consent, proxy } = await start();
    const end = await consent();
    proxy.tamper(async (request, pass, index) =>
      request.path === '/token' ? change((values) => ({ ...values, scope: undefined }))(request, pass, index) : pass(),
    );
    expect((await completeAuthorization(end)).token.scopes).toEqual(['openid', 'read']);
  });

  it.each([
    ['is missing', (): undefined => undefined, 'provider_answer_invalid'],
    ['is no JWT', () => 'not-a-token', 'authorization_invalid'],
    ['has another signature', (token: string) => `${token.slice(0, -8)}AAAAAAAA`, 'authorization_invalid'],
    [
      'is not signed',
      (token: string) => `${Buffer.from('{"alg":"none"}').toString('base64url')}.${token.split('.')[1] ?? ''}.`,
      'authorization_invalid',
    ],
  ])('refuses an ID token that %s', async (_kind, forge, code) => {
    const { consent, proxy } = await start();
    const end = await consent();
    proxy.tamper(async (request, pass, index) =>
      request.path === '/token'
        ? change((values) => ({ ...values, id_token: forge(String(values['id_token'])) }))(request, pass, index)
        : pass(),
    );
    const error = await failure(completeAuthorization(end));
    expect(error).toMatchObject({ code });
  });

  it('refuses an ID token with the nonce of another authorization', async () => {
    const { consent } = await start();
    const end = await consent();
    const changed = { ...end, pending: { ...end.pending, nonce: 'another-nonce' } };
    expect(await failure(completeAuthorization(changed))).toMatchObject({
      code: 'authorization_invalid',
      message: expect.stringContaining('nonce'),
    });
  });

  it('refuses an ID token of another issuer', async () => {
    const { consent, context } = await start();
    const end = await consent();
    // A provider that does not name itself in the redirect.
    const { iss: _iss, ...callback } = end.callback;
    const provider = { ...context.provider, auth: { ...context.provider.auth, issuer: 'https://other.example' } };
    expect(await failure(completeAuthorization({ ...end, callback, provider }))).toMatchObject({
      code: 'authorization_invalid',
      message: expect.stringContaining('"iss"'),
    });
  });

  it.each([
    ['is a page', page(200), 'provider_answer_invalid'],
    ['is away', json(404, {}), 'provider_error'],
  ])('says that the key set %s', async (_kind, answer, code) => {
    const { consent, proxy } = await start();
    const end = await consent();
    proxy.tamper(async (request, pass) => (request.path === '/jwks' ? answer : pass()));
    expect(await failure(completeAuthorization(end))).toMatchObject({ code, message: /key set/ });
  });
});
