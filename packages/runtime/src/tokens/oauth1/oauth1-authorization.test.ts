import { createHmac, generateKeyPairSync, verify } from 'node:crypto';
import OAuth from 'oauth-1.0a';
import { afterEach, describe, expect, it } from 'vitest';
import type { AuthOf } from '../../provider/auth/provider-auth.ts';
import type { ProviderInput } from '../../provider/provider-schema.ts';
import type { AnswerRequest, LocalAnswer, LocalRequest } from '../../testing/local-api.ts';
import { localNowMs, startTokenContext, type StartedTokenContext } from '../testing/start-token-context.ts';
import { beginAuthorization } from '../begin-authorization.ts';
import { completeAuthorization } from '../complete-authorization.ts';
import { obtainAccount } from '../obtain-account.ts';
import { renewToken } from '../renew-token.ts';

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const integration = { clientId: 'consumer', clientSecret: 'consumer secret&' };
const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });

function readHeader(request: LocalRequest): Record<string, string> {
  return Object.fromEntries(
    [...(request.headers.authorization ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [
      name,
      decodeURIComponent(value),
    ]),
  );
}

const tokenSecrets: Record<string, string> = { 'request-token': 'request-secret', 'access+token': 'access-secret' };

/** A provider that knows oauth-1.0a, and refuses what that would have signed otherwise. */
function answerAsProvider(url: () => string, changes: Partial<Record<string, LocalAnswer>> = {}): AnswerRequest {
  const independent = (method: string) =>
    new OAuth({
      consumer: { key: 'consumer', secret: integration.clientSecret },
      signature_method: method,
      hash_function: (base, key) =>
        createHmac(method === 'HMAC-SHA1' ? 'sha1' : 'sha256', key)
          .update(base)
          .digest('base64'),
    });
  return (request) => {
    const { oauth_signature: signature = '', realm: _realm, ...protocol } = readHeader(request);
    const method = protocol['oauth_signature_method'] ?? '';
    const secret = tokenSecrets[protocol['oauth_token'] ?? ''] ?? '';
    const call = { url: url() + request.path, method: request.method, data: {} };
    const base = independent(method).getBaseString(call, protocol as unknown as OAuth.Data);
    const holds =
      method === 'RSA-SHA1'
        ? verify('RSA-SHA1', Buffer.from(base), rsa.publicKey, Buffer.from(signature, 'base64'))
        : signature === independent(method).getSignature(call, secret, protocol as unknown as OAuth.Data);
    if (!holds) return { status: 401, body: 'oauth_problem=signature_invalid' };
    const path = request.path.split('?', 1)[0] ?? '';
    const change = changes[path];
    if (change) return change;
    if (path === '/me') return { body: { login: 'ada' } };
    return path === '/request'
      ? { body: 'oauth_token=request-token&oauth_token_secret=request-secret&oauth_callback_confirmed=true' }
      : { body: 'oauth_token=access%2Btoken&oauth_token_secret=access-secret&user_id=7' };
  };
}

async function start(
  changes: { auth?: Partial<AuthOf<'oauth1'>>; answers?: Partial<Record<string, LocalAnswer>>; secret?: string } = {},
): Promise<StartedTokenContext> {
  const auth = {
    mode: 'oauth1',
    requestTokenUrl: '${connection.base}/request?scope=read%20all',
    authorizationUrl: '${connection.base}/authorize?lang=en',
    accessTokenUrl: '${connection.base}/access',
    authorizationParameters: { name: '${integration.clientId}' },
    ...changes.auth,
  } as ProviderInput['auth'];
  const started: StartedTokenContext = await startTokenContext({
    auth,
    answer: answerAsProvider(() => started.api.url, changes.answers),
    integration: { ...integration, clientSecret: changes.secret ?? integration.clientSecret },
  });
  open.push(started);
  return started;
}

const redirectUri = 'https://tenon.example/oauth/callback?from=a';
const begin = ({ context }: StartedTokenContext) => beginAuthorization({ ...context, redirectUri, state: 's+1' });

function complete({ context }: StartedTokenContext, callback: Record<string, string> = {}) {
  return completeAuthorization({
    ...context,
    redirectUri,
    state: 's+1',
    pending: { requestToken: 'request-token', requestTokenSecret: 'request-secret' },
    callback: { state: 's+1', oauth_token: 'request-token', oauth_verifier: 'ver/1', ...callback },
  });
}

describe('an OAuth 1.0a authorization', () => {
  it.each(['HMAC-SHA1', 'HMAC-SHA256'] as const)(
    'gets its tokens from a provider that checks every %s',
    async (method) => {
      const started = await start({
        auth: {
          signatureMethod: method,
          capture: {
            userId: { from: 'token', path: 'user_id', optional: false },
            login: {
              from: 'request',
              url: '${connection.base}/me?user=${connection.userId}',
              path: 'login',
              optional: false,
            },
            org: { from: 'callback', path: 'org', pattern: 'o-\\d+', optional: false },
          },
        },
      });
      const { url, pending } = await begin(started);
      expect(url).toBe(`${started.api.url}/authorize?lang=en&name=consumer&oauth_token=request-token`);
      expect(pending).toEqual({ requestToken: 'request-token', requestTokenSecret: 'request-secret' });
      const account = await complete(started, { org: 'o-1' });
      expect(account).toEqual({
        token: { accessToken: 'access+token', tokenSecret: 'access-secret' },
        captured: { userId: '7', login: 'ada', org: 'o-1' },
      });
      const [first, second] = started.api.requests.map(readHeader);
      expect(first).toMatchObject({
        oauth_callback: 'https://tenon.example/oauth/callback?from=a&state=s%2B1',
        oauth_timestamp: String(localNowMs / 1_000),
      });
      expect(first?.['oauth_token']).toBeUndefined();
      expect(second).toMatchObject({ oauth_token: 'request-token', oauth_verifier: 'ver/1' });
      expect(second?.['oauth_nonce']).not.toBe(first?.['oauth_nonce']);
    },
  );

  it('signs with the private key of the app, for RSA-SHA1', async () => {
    const secret = String(rsa.privateKey.export({ type: 'pkcs1', format: 'pem' }));
    const started = await start({ auth: { signatureMethod: 'RSA-SHA1' }, secret });
    await begin(started);
    expect((await complete(started)).token.accessToken).toBe('access+token');
  });

  it.each([
    ['another state', { state: 'other' }, 'authorization_invalid'],
    ['no state', { state: '' }, 'authorization_invalid'],
    ["another customer's token", { oauth_token: 'request-token-2' }, 'authorization_invalid'],
    ['no verifier', { oauth_verifier: '' }, 'authorization_invalid'],
    ['a denial as X sends it', { denied: 'request-token' }, 'authorization_denied'],
    ['a denial as a problem', { oauth_problem: 'user_refused' }, 'authorization_denied'],
  ])('asks nothing of the provider when the browser comes back with %s', async (_what, callback, code) => {
    const started = await start();
    await expect(complete(started, callback)).rejects.toMatchObject({ code });
    expect(started.api.requests).toEqual([]);
  });

  it.each<[string, '/request' | '/access', LocalAnswer, string]>([
    ['a plain 401 for the app', '/request', { status: 401, body: 'Failed to validate' }, 'integration_misconfigured'],
    ['a refused redirect address', '/request', { status: 403, body: '<error>' }, 'integration_misconfigured'],
    [
      'a problem of the app in a header',
      '/access',
      { status: 401, headers: { 'www-authenticate': 'OAuth realm="x", oauth_problem="consumer_key_unknown"' } },
      'integration_misconfigured',
    ],
    ['a plain 401 for the token', '/access', { status: 401 }, 'authorization_expired'],
    ['a used token, in a 200', '/access', { body: 'oauth_problem=token_used' }, 'authorization_expired'],
    ['a refusal', '/access', { status: 401, body: 'oauth_problem=permission_denied' }, 'authorization_denied'],
    ['an answer without a token', '/access', { body: 'hello' }, 'provider_answer_invalid'],
    ['a problem of its own', '/request', { status: 500 }, 'provider_error'],
    ['an address that is not there', '/request', { status: 404 }, 'provider_error'],
    [
      'a redirect',
      '/request',
      { status: 302, headers: { location: 'https://elsewhere.example' } },
      'provider_answer_invalid',
    ],
    [
      'a refusal to return there',
      '/request',
      { body: 'oauth_token=a&oauth_token_secret=b&oauth_callback_confirmed=false' },
      'provider_answer_invalid',
    ],
  ])('tells %s apart (%s)', async (_what, path, answer, code) => {
    const started = await start({ answers: { [path]: answer } });
    const failure: unknown = await (path === '/request' ? begin(started) : complete(started)).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ code, hint: expect.any(String) });
    const shown = JSON.stringify([failure, String(failure)]);
    for (const secret of [integration.clientSecret, 'request-secret', 'ver/1']) expect(shown).not.toContain(secret);
  });

  it('says that the app is refused when its secret is wrong', async () => {
    const started = await start({ secret: 'another secret' });
    await expect(begin(started)).rejects.toMatchObject({
      code: 'integration_misconfigured',
      message: /signature_invalid/,
    });
  });

  it('does not exchange a verifier a second time after an answer that says nothing', async () => {
    const started = await start({ answers: { '/access': { status: 503 }, '/request': { status: 503 } } });
    await expect(complete(started)).rejects.toMatchObject({ code: 'provider_error' });
    expect(started.api.requests).toHaveLength(1);
    await expect(begin(started)).rejects.toMatchObject({ code: 'provider_error' });
    const nonces = started.api.requests.slice(1).map((request) => readHeader(request)['oauth_nonce']);
    expect(nonces).toHaveLength(3);
    expect(new Set(nonces).size).toBe(3);
  });

  it('is not needed for tokens that are imported, and does not make them renewable', async () => {
    const { context, api } = await start();
    const values = { token: 'access+token', tokenSecret: 'access-secret' };
    const request = { ...context, credentials: { mode: 'oauth1', values } } as const;
    const { token } = await obtainAccount(request);
    expect(token).toEqual({ accessToken: 'access+token', tokenSecret: 'access-secret' });
    await expect(renewToken({ ...request, token })).rejects.toMatchObject({ code: 'provider_unauthorized' });
    const blank = obtainAccount({ ...context, credentials: { mode: 'oauth1', values: {} } });
    await expect(blank).rejects.toMatchObject({ code: 'credentials_invalid' });
    expect(api.requests).toEqual([]);
  });
});
