import { afterEach, describe, expect, it } from 'vitest';
import { startLocalApi, type LocalApi } from '../testing/local-api.ts';
import {
  localApiKey,
  startLocalProvider,
  type LocalProvider,
  type LocalProviderOptions,
} from '../testing/local-provider.ts';

const open: { close(): Promise<void> }[] = [];

async function start(options: LocalProviderOptions): Promise<LocalProvider> {
  const local = await startLocalProvider(options);
  open.push(local);
  return local;
}

async function startElsewhere(answer: Parameters<typeof startLocalApi>[0]): Promise<LocalApi> {
  const api = await startLocalApi(answer);
  open.push(api);
  return api;
}

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const ok = { body: { ok: true } };

describe('redirects', () => {
  it('are followed on the own origin with credentials and body', async () => {
    const { client, api } = await start({
      answer: ({ path }) => (path === '/new' ? ok : { status: 308, headers: { location: 'new' } }),
    });
    await client.post('/old', { a: 1 });
    expect(api.requests[1]).toMatchObject({
      method: 'POST',
      path: '/new',
      body: '{"a":1}',
      headers: { 'x-api-key': localApiKey, 'content-type': 'application/json' },
    });
  });

  it.each([
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [303, 'PUT', 'GET'],
    [303, 'HEAD', 'HEAD'],
    [307, 'PUT', 'PUT'],
    [301, 'PUT', 'PUT'],
  ])('%i turns %s into %s', async (status, method, expected) => {
    const { client, api } = await start({
      answer: ({ path }) => (path === '/new' ? ok : { status, headers: { location: '/new' } }),
    });
    await client.request(method, '/old', method === 'HEAD' ? {} : { body: 'x' });
    expect(api.requests[1]).toMatchObject({ method: expected, body: expected === 'PUT' ? 'x' : '' });
    expect('content-type' in (api.requests[1]?.headers ?? {})).toBe(expected === 'PUT');
  });

  it('drop every credential at another origin, and do not get it back', async () => {
    const elsewhere = await startElsewhere(({ path }) =>
      path === '/file' ? { status: 302, headers: { location: `${home.api.url}/again` } } : ok,
    );
    const home = await start({
      provider: { query: { account: '${credential.apiKey}' } },
      answer: ({ path }) =>
        path.startsWith('/again') ? ok : { status: 302, headers: { location: `${elsewhere.url}/file` } },
    });
    await home.client.get('/download', { headers: { 'x-own-token': 'script-token', cookie: 'a=b' } });
    const followed = [elsewhere.requests[0], home.api.requests[1]];
    for (const request of followed) {
      expect(JSON.stringify(request)).not.toMatch(/key-0123|script-token|cookie/);
      expect(request?.headers.accept).toBe('application/json');
    }
  });

  it('do not carry a body to another origin', async () => {
    const elsewhere = await startElsewhere(() => ok);
    const { client } = await start({ answer: () => ({ status: 307, headers: { location: `${elsewhere.url}/x` } }) });
    await expect(client.post('/', { secret: 1 })).rejects.toMatchObject({ code: 'provider_answer_invalid' });
    expect(elsewhere.requests).toEqual([]);
  });

  it('do not make a refusal elsewhere a refusal of the credentials', async () => {
    let renewals = 0;
    const elsewhere = await startElsewhere(() => ({ status: 401 }));
    const { client } = await start({
      client: { renewCredential: () => Promise.reject(new Error(String((renewals += 1)))) },
      answer: () => ({ status: 302, headers: { location: elsewhere.url } }),
    });
    await expect(client.get('/')).rejects.toMatchObject({ code: 'provider_error', details: { status: 401 } });
    expect(renewals).toBe(0);
  });

  it('end after five', async () => {
    const { client, api } = await start({
      answer: (_request, index) => ({ status: 302, headers: { location: `/${index}` } }),
    });
    await expect(client.get('/')).rejects.toMatchObject({ code: 'provider_answer_invalid' });
    expect(api.requests).toHaveLength(6);
  });

  it.each(['file:///etc/passwd', 'http://', 'javascript:alert(1)'])('to %s are refused', async (location) => {
    const { client } = await start({ answer: () => ({ status: 302, headers: { location } }) });
    await expect(client.get('/')).rejects.toMatchObject({ code: 'provider_answer_invalid' });
  });

  it('leave an answer without a location and a 304 as they are', async () => {
    const { client } = await start({ answer: (_request, index) => ({ status: index === 0 ? 304 : 302 }) });
    expect((await client.get('/')).status).toBe(304);
    expect((await client.get('/')).status).toBe(302);
  });
});
