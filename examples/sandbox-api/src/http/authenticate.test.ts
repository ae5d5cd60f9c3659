import { describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from './harness.ts';

const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`,
  'content-type': 'application/x-www-form-urlencoded',
});

async function fetchToken(api: TestApi): Promise<{ access_token: string; expires_in: number }> {
  const headers = basic('sandbox-client', 'sandbox-secret');
  const answer = await api.call('POST', '/oauth/token', { headers, body: 'grant_type=client_credentials' });
  expect(answer.status).toBe(200);
  return answer.body as { access_token: string; expires_in: number };
}

describe('API keys', () => {
  it('are accepted in x-api-key', async () => {
    const api = await startTestApi();
    expect(await api.call('GET', '/me')).toMatchObject({ status: 200, body: { account: 'sandbox', auth: 'api_key' } });
  });

  it.each([
    [{}, 'unauthorized'],
    [{ 'x-api-key': 'wrong' }, 'invalid_api_key'],
    [{ authorization: 'Bearer wrong' }, 'invalid_token'],
    [{ authorization: 'Basic d3Jvbmc6d3Jvbmc=' }, 'unauthorized'],
  ])('refuses %j with a 401 in JSON', async (headers, code) => {
    const api = await startTestApi();
    for (const path of ['/me', '/issues', '/contacts', '/companies', '/users']) {
      expect(await api.call('GET', path, { headers })).toMatchObject({ status: 401, body: { error: { code } } });
    }
  });

  it('can be rotated: the old key is refused', async () => {
    const api = await startTestApi();
    await api.call('POST', '/_control/api-key', { body: { apiKey: 'second' } });
    expect((await api.call('GET', '/me')).status).toBe(401);
    expect((await api.call('GET', '/me', { headers: { 'x-api-key': 'second' } })).status).toBe(200);
  });
});

describe('client credentials', () => {
  it('buy a token that is accepted until it expires', async () => {
    let nowMs = 1_000_000;
    const api = await startTestApi({ tokenSeconds: 60 }, () => nowMs);
    const token = await fetchToken(api);
    expect(token).toMatchObject({ token_type: 'Bearer', expires_in: 60 });
    const headers = { authorization: `Bearer ${token.access_token}` };
    nowMs += 59_999;
    expect(await api.call('GET', '/me', { headers })).toMatchObject({ status: 200, body: { auth: 'oauth2' } });
    nowMs += 1;
    const late = await api.call('GET', '/me', { headers });
    expect(late.status).toBe(401);
    expect(late.headers.get('www-authenticate')).toContain('invalid_token');
  });

  it('are accepted in a JSON body too', async () => {
    const api = await startTestApi();
    const body = { grant_type: 'client_credentials', client_id: 'sandbox-client', client_secret: 'sandbox-secret' };
    expect((await api.call('POST', '/oauth/token', { headers: {}, body })).status).toBe(200);
  });

  it('are decoded as RFC 6749 section 2.3.1 says', async () => {
    const api = await startTestApi({ clientId: 'a:b', clientSecret: 'p&ss w+rd%' });
    const headers = basic('a:b', 'p&ss w+rd%');
    const answer = await api.call('POST', '/oauth/token', { headers, body: 'grant_type=client_credentials' });
    expect(answer.status).toBe(200);
  });

  it.each([
    [basic('sandbox-client', 'wrong'), 'grant_type=client_credentials', 401, 'invalid_client'],
    [basic('wrong', 'sandbox-secret'), 'grant_type=client_credentials', 401, 'invalid_client'],
    [basic('sandbox-client', 'sandbox-secret'), 'grant_type=password', 400, 'unsupported_grant_type'],
    [basic('sandbox-client', 'sandbox-secret'), 'scope=read', 400, 'invalid_request'],
  ])('are refused as RFC 6749 section 5.2 says (case %#)', async (headers, body, status, error) => {
    const api = await startTestApi();
    expect(await api.call('POST', '/oauth/token', { headers, body })).toMatchObject({ status, body: { error } });
  });

  it('lose every token when a test says so', async () => {
    const api = await startTestApi();
    const { access_token: token } = await fetchToken(api);
    await api.call('POST', '/_control/expire-tokens');
    expect((await api.call('GET', '/me', { headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
  });
});
