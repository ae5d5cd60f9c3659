import { Agent } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { providerSchema, type ProviderInput } from '../../provider/provider-schema.ts';
import { startLocalApi, type AnswerRequest, type LocalApi } from '../../testing/local-api.ts';
import { createSkippingClock } from '../../testing/skipping-clock.ts';
import { obtainClientCredentialsToken } from './obtain-client-credentials-token.ts';

const open: { close(): Promise<unknown> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

type AuthInput = Omit<Extract<ProviderInput['auth'], { mode: 'oauth2_client_credentials' }>, 'mode' | 'tokenUrl'>;

const nowMs = 1_000_000;
const credentials = { mode: 'oauth2_client_credentials', clientId: 'id:1', clientSecret: 'se cret+/%' } as const;

async function obtain(answer: AnswerRequest, auth: AuthInput = {}) {
  const api: LocalApi = await startLocalApi(answer);
  const dispatcher = new Agent();
  open.push({ close: () => dispatcher.destroy() }, api);
  const provider = providerSchema.parse({
    name: 'acme',
    displayName: 'Acme',
    docs: 'https://example.com',
    sources: ['https://example.com'],
    auth: { mode: 'oauth2_client_credentials', tokenUrl: '${connection.base}/oauth/token?v=2', ...auth },
    connection: { base: { title: 'Base', default: api.url }, tenant: { title: 'Tenant', optional: true } },
    baseUrl: 'https://unused.example',
  });
  const clock = createSkippingClock(() => nowMs);
  const token = obtainClientCredentialsToken({
    provider,
    credentials,
    integration: {},
    config: { tenant: 'acme' },
    dispatcher,
    clock,
    signal: new AbortController().signal,
  });
  return {
    token: await token.then(
      (obtained) => obtained.token,
      (error: unknown) => error,
    ),
    requests: api.requests,
    clock,
  };
}

const answerWith =
  (body: unknown): AnswerRequest =>
  () => ({ body });

describe('obtainClientCredentialsToken', () => {
  it('authenticates by basic, with both halves form-encoded, and sends the parameters as a form', async () => {
    const { token, requests } = await obtain(answerWith({ access_token: 'at', token_type: 'bearer', expires_in: 60 }), {
      scopes: ['read', 'write'],
      scopeSeparator: ',',
      tokenParameters: { audience: 'https://api/${connection.tenant}' },
    });
    expect(token).toEqual({ accessToken: 'at', expiresAtMs: nowMs + 60_000 });
    expect(requests[0]).toMatchObject({ method: 'POST', path: '/oauth/token?v=2' });
    expect(Buffer.from(requests[0]?.headers.authorization?.slice(6) ?? '', 'base64').toString()).toBe(
      'id%3A1:se+cret%2B%2F%25',
    );
    expect(requests[0]?.headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
    expect(Object.fromEntries(new URLSearchParams(requests[0]?.body))).toEqual({
      grant_type: 'client_credentials',
      scope: 'read,write',
      audience: 'https://api/acme',
    });
  });

  it('authenticates in a JSON body where the provider wants that', async () => {
    const { requests } = await obtain(answerWith({ access_token: 'at' }), {
      clientAuthentication: 'body',
      bodyFormat: 'json',
    });
    expect(requests[0]?.headers.authorization).toBeUndefined();
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual({
      grant_type: 'client_credentials',
      client_id: 'id:1',
      client_secret: 'se cret+/%',
    });
  });

  const jwt = `e30.${Buffer.from(JSON.stringify({ exp: 5_000 })).toString('base64url')}.sig`;

  it.each([
    ['a number as text', { access_token: 'at', expires_in: '30' }, nowMs + 30_000],
    ["the token's own exp", { access_token: jwt }, 5_000_000],
    ["the provider's default", { access_token: 'at' }, nowMs + 900_000],
    ["the provider's default, for a token that only looks like a JWT", { access_token: 'a.b.c' }, nowMs + 900_000],
  ])('takes the expiry from %s', async (_kind, body, expiresAtMs) => {
    const { token } = await obtain(answerWith(body), { defaultExpirySeconds: 900 });
    expect(token).toMatchObject({ expiresAtMs });
  });

  it('knows no expiry when nobody says one', async () => {
    expect((await obtain(answerWith({ access_token: 'at' }))).token).toEqual({ accessToken: 'at' });
  });

  it.each([
    [401, { error: 'whatever' }],
    [400, { error: 'invalid_client', error_description: 'client_secret=se cret+/% is wrong' }],
  ])('tells refused credentials (%i) without showing them', async (status, body) => {
    const { token, requests } = await obtain(() => ({ status, body }));
    expect(token).toMatchObject({ code: 'provider_unauthorized', details: { status } });
    expect(JSON.stringify(token) + String(token)).not.toContain('cret+');
    expect(requests).toHaveLength(1);
  });

  it.each([
    ['invalid_scope', 'integration_misconfigured'],
    ['something_else', 'provider_error'],
  ])('tells the refusal %s as %s', async (error, code) => {
    const { token } = await obtain(() => ({ status: 400, body: { error } }));
    expect(token).toMatchObject({ code });
  });

  it('tries again after a failure that may pass', async () => {
    const { token, requests, clock } = await obtain((_request, index) =>
      index === 0 ? { status: 503, headers: { 'retry-after': '2' } } : { body: { access_token: 'at' } },
    );
    expect(token).toEqual({ accessToken: 'at' });
    expect(requests).toHaveLength(2);
    expect(clock.waits).toEqual([2_000]);
  });

  it('says what came instead of a token, by name only', async () => {
    const { token } = await obtain(answerWith({ token: 'hidden-token', type: 'x' }));
    expect(token).toMatchObject({ code: 'provider_answer_invalid', message: /the answer has: token, type/ });
    expect(JSON.stringify(token) + String(token)).not.toContain('hidden-token');
  });
});
