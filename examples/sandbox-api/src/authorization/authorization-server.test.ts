import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../http/harness.ts';

const redirectUri = 'http://127.0.0.1:9999/oauth/callback';
const verifier = randomBytes(32).toString('base64url');
const challenge = createHash('sha256').update(verifier).digest('base64url');

interface Tokens {
  access_token: string;
  refresh_token: string;
  expires_in: number;
  scope: string;
}

/** A browser, as far as it matters here: it keeps cookies and stops where the app's address begins. */
function createBrowser() {
  const cookies = new Map<string, string>();
  return async function visit(url: string, form?: Record<string, string>): Promise<{ url: string; html: string }> {
    const response = await fetch(url, {
      redirect: 'manual',
      method: form ? 'POST' : 'GET',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form && { body: new URLSearchParams(form) }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (location === null) return { url, html: await response.text() };
    const next = new URL(location, url).href;
    return next.startsWith(redirectUri) ? { url: next, html: '' } : visit(next);
  };
}

function authorizeUrl(api: TestApi, over: Record<string, string> = {}): string {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: 'sandbox-client',
    redirect_uri: redirectUri,
    scope: 'issues:read',
    state: 'state1',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...over,
  });
  return `${api.url}/oidc/authorize?${query.toString()}`;
}

async function decide(api: TestApi, decision: 'allow' | 'deny', over = {}): Promise<URLSearchParams> {
  const visit = createBrowser();
  const page = await visit(authorizeUrl(api, over));
  expect(page.html).toContain('Your app');
  return new URL((await visit(page.url, { decision })).url).searchParams;
}

async function askToken(api: TestApi, form: Record<string, string>) {
  const response = await fetch(`${api.url}/oidc/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from('sandbox-client:sandbox-secret').toString('base64')}` },
    body: new URLSearchParams(form),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return { status: response.status, text, body: (isJson ? JSON.parse(text) : undefined) as Tokens };
}

async function obtainTokens(api: TestApi, over = {}): Promise<Tokens> {
  const code = (await decide(api, 'allow', over)).get('code') ?? '';
  const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier };
  const answer = await askToken(api, form);
  expect(answer.status, answer.text).toBe(200);
  return answer.body;
}

const refresh = (api: TestApi, token: string) => askToken(api, { grant_type: 'refresh_token', refresh_token: token });

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

describe('the authorization server', () => {
  it('gives tokens to an app that a customer allowed, with the scopes that were asked for', async () => {
    const api = await startTestApi({ tokenSeconds: 60 });
    const tokens = await obtainTokens(api);
    expect(tokens).toMatchObject({ expires_in: 60, scope: 'issues:read' });
    expect(await api.call('GET', '/me', bearer(tokens.access_token))).toMatchObject({
      status: 200,
      body: { auth: 'oauth2', scopes: ['issues:read'] },
    });
    const write = { ...bearer(tokens.access_token), body: { title: 'x' } };
    expect(await api.call('POST', '/issues', write)).toMatchObject({
      status: 403,
      body: { error: { code: 'insufficient_scope' } },
    });
    const writing = await obtainTokens(api, { scope: 'issues:read issues:write' });
    const made = await api.call('POST', '/issues', { ...bearer(writing.access_token), body: { title: 'x' } });
    expect(made.status).toBe(201);
  });

  it('sends the browser back with an error when the customer denies', async () => {
    const answer = await decide(await startTestApi(), 'deny');
    expect(Object.fromEntries(answer)).toMatchObject({ error: 'access_denied', state: 'state1' });
  });

  it('insists on PKCE, and on an address that is registered', async () => {
    const api = await startTestApi();
    const visit = createBrowser();
    const without = await visit(authorizeUrl(api, { code_challenge: '', code_challenge_method: '' }));
    expect(new URL(without.url).searchParams.get('error')).toBe('invalid_request');
    const elsewhere = await visit(authorizeUrl(api, { redirect_uri: 'https://evil.example/oauth/callback' }));
    expect(elsewhere.html).toContain('invalid_redirect_uri');
  });

  it('rotates refresh tokens, and ends the consent when an old one comes again', async () => {
    const api = await startTestApi();
    const first = await obtainTokens(api);
    const second = (await refresh(api, first.refresh_token)).body;
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect((await refresh(api, first.refresh_token)).text).toContain('invalid_grant');
    expect((await refresh(api, second.refresh_token)).text).toContain('invalid_grant');
    expect((await api.call('GET', '/me', bearer(second.access_token))).status).toBe(401);
  });

  it('keeps refresh tokens where rotation is off', async () => {
    const api = await startTestApi({ rotateRefreshTokens: false });
    const first = await obtainTokens(api);
    expect((await refresh(api, first.refresh_token)).body.refresh_token).toBe(first.refresh_token);
    expect((await refresh(api, first.refresh_token)).status).toBe(200);
  });

  it('lets access tokens end by the clock', async () => {
    let nowMs = Date.now();
    const api = await startTestApi({ tokenSeconds: 60 }, () => nowMs);
    const { access_token: token } = await obtainTokens(api);
    nowMs += 60_001;
    expect((await api.call('GET', '/me', bearer(token))).status).toBe(401);
  });

  it('forgets a token that the app revokes (RFC 7009)', async () => {
    const api = await startTestApi();
    const tokens = await obtainTokens(api);
    const revoked = await fetch(`${api.url}/oidc/revoke`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from('sandbox-client:sandbox-secret').toString('base64')}` },
      body: new URLSearchParams({ token: tokens.refresh_token }),
    });
    expect(revoked.status).toBe(200);
    expect((await refresh(api, tokens.refresh_token)).status).toBe(400);
  });

  it('registers clients by themselves (RFC 7591)', async () => {
    const api = await startTestApi();
    const body = { redirect_uris: ['https://app.example.com/oauth/callback'], client_name: 'Mine' };
    const made = await api.call('POST', '/oidc/register', { headers: { 'x-any': '1' }, body });
    expect(made).toMatchObject({ status: 201, body: { client_id: expect.any(String) as string } });
  });
});

describe('troubles of the authorization server', () => {
  it('are played as tests ask for them', async () => {
    const api = await startTestApi();
    const tokens = await obtainTokens(api);
    const control = (path: string, body: object) => api.call('POST', `/_control/${path}`, { body });

    await control('expire-tokens', {});
    expect((await api.call('GET', '/me', bearer(tokens.access_token))).status).toBe(401);
    const renewed = (await refresh(api, tokens.refresh_token)).body;
    expect((await api.call('GET', '/me', bearer(renewed.access_token))).status).toBe(200);

    await control('refuse-refresh', { refuse: true });
    expect(await refresh(api, renewed.refresh_token)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
    await control('refuse-refresh', { refuse: false });

    await control('chaos', { mode: 'html_error', path: '/oidc/token', status: 502, times: 1 });
    expect(await refresh(api, renewed.refresh_token)).toMatchObject({
      status: 502,
      text: expect.stringContaining('<h1>Bad gateway</h1>') as string,
    });
    await control('chaos', { mode: 'server_error', path: '/oidc/token', times: 1 });
    expect((await refresh(api, renewed.refresh_token)).status).toBe(503);
    await control('chaos', { mode: 'reset', path: '/oidc/token', times: 1 });
    await expect(refresh(api, renewed.refresh_token)).rejects.toThrow('fetch failed');

    const last = (await refresh(api, renewed.refresh_token)).body;
    await control('revoke-tokens', {});
    expect((await api.call('GET', '/me', bearer(last.access_token))).status).toBe(401);
    expect((await refresh(api, last.refresh_token)).status).toBe(400);
  });

  it('refuses a browser that was asked nothing', async () => {
    const api = await startTestApi();
    expect(await api.call('GET', '/oidc/consent/made-up')).toMatchObject({
      status: 400,
      body: { error: { code: 'consent_unknown' } },
    });
  });
});
