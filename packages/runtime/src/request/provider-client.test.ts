import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import {
  localApiKey,
  startLocalProvider,
  type LocalProvider,
  type LocalProviderOptions,
} from '../testing/local-provider.ts';

let local: LocalProvider | undefined;

async function start(options: LocalProviderOptions): Promise<LocalProvider> {
  local = await startLocalProvider(options);
  return local;
}

afterEach(async () => {
  await local?.close();
  local = undefined;
});

const ok = () => ({ body: { ok: true } });

describe('requests', () => {
  it('authorise with the headers and the query of the provider', async () => {
    const { client, api } = await start({
      provider: { query: { api_version: '2', account: '${credential.apiKey}' } },
      answer: ok,
    });
    const answer = await client.get('/items', { params: { q: 'a b', tags: ['x', 'y'] } });
    expect(answer).toMatchObject({ status: 200, data: { ok: true }, headers: { 'content-type': 'application/json' } });
    expect(api.requests[0]).toMatchObject({
      method: 'GET',
      path: `/items?q=a%20b&tags=x&tags=y&api_version=2&account=${localApiKey}`,
      headers: { 'x-api-key': localApiKey, accept: 'application/json', 'user-agent': 'tenon' },
    });
  });

  it('do not repeat a query parameter that the address has already', async () => {
    const { client, api } = await start({ provider: { query: { version: '2' } }, answer: ok });
    await client.get('/items?version=3');
    expect(api.requests[0]?.path).toBe('/items?version=3');
  });

  it('set basic authorisation by the mode itself', async () => {
    const { client, api } = await start({
      provider: { auth: { mode: 'basic' }, headers: {} },
      client: { credential: () => ({ mode: 'basic', fields: { username: 'ü', password: 'p:w' } }) },
      answer: ok,
    });
    await client.get('/');
    expect(api.requests[0]?.headers.authorization).toBe(`Basic ${Buffer.from('ü:p:w').toString('base64')}`);
  });

  it('set a bearer token unless the provider says where the token goes', async () => {
    const auth = { mode: 'oauth2_client_credentials', tokenUrl: 'https://example.com/token' } as const;
    const credential = () => ({ mode: 'oauth2_client_credentials' as const, fields: { accessToken: 'at-1' } });
    const first = await start({ provider: { auth, headers: {} }, client: { credential }, answer: ok });
    await first.client.get('/');
    expect(first.api.requests[0]?.headers.authorization).toBe('Bearer at-1');
    await first.close();
    const headers = { authorization: 'Token ${credential.accessToken}' };
    const second = await start({ provider: { auth, headers }, client: { credential }, answer: ok });
    await second.client.get('/');
    expect(second.api.requests[0]?.headers.authorization).toBe('Token at-1');
  });

  it("let a script's headers win over the provider's, whatever their case", async () => {
    const { client, api } = await start({ provider: { headers: { accept: 'application/vnd.v2' } }, answer: ok });
    await client.get('/');
    await client.get('/', { headers: { Accept: 'text/csv' } });
    expect(api.requests.map(({ headers }) => headers.accept)).toEqual(['application/vnd.v2', 'text/csv']);
  });

  it('send JSON, forms, text, bytes and multipart', async () => {
    const { client, api } = await start({ answer: ok });
    await client.post('/', { a: [1] });
    await client.put('/', new URLSearchParams({ a: 'b c' }));
    await client.patch('/', 'text');
    await client.post('/', new Uint8Array([65, 66]), { headers: { 'Content-Type': 'application/x-ab' } });
    const form = new FormData();
    form.set('file', new Blob(['content']), 'a.txt');
    await client.post('/', form);
    await client.delete('/');
    const sent = api.requests.map(({ method, headers, body }) => [method, headers['content-type'], body]);
    expect(sent.slice(0, 4)).toEqual([
      ['POST', 'application/json', '{"a":[1]}'],
      ['PUT', 'application/x-www-form-urlencoded;charset=UTF-8', 'a=b+c'],
      ['PATCH', 'text/plain;charset=UTF-8', 'text'],
      ['POST', 'application/x-ab', 'AB'],
    ]);
    expect(sent[4]?.[1]).toMatch(/^multipart\/form-data; boundary=/);
    expect(sent[4]?.[2]).toContain('filename="a.txt"');
    expect(sent[4]?.[2]).toContain('content');
    expect(sent[5]).toEqual(['DELETE', undefined, '']);
  });

  it('refuse bodies and headers that cannot be sent', async () => {
    const { client, api } = await start({ answer: ok });
    const refused = expect.objectContaining({ code: 'provider_request_invalid' }) as Error;
    await expect(client.post('/', { n: 1n })).rejects.toEqual(refused);
    await expect(client.post('/', new Blob(['x']).stream())).rejects.toEqual(refused);
    await expect(client.post('/', () => 1)).rejects.toEqual(refused);
    await expect(client.get('/', { headers: { 'x-a': 'b\r\nx-evil: 1' } })).rejects.toEqual(refused);
    expect(api.requests).toEqual([]);
  });

  it('read JSON, text and bytes, and an empty answer as undefined', async () => {
    const { client } = await start({
      answer: (_request, index) =>
        [{ body: '\u{FEFF}{"a":1}' }, { body: 'täxt' }, { body: 'AB' }, { status: 204 }][index] ?? {},
    });
    expect((await client.get('/')).data).toEqual({ a: 1 });
    expect((await client.get('/', { responseType: 'text' })).data).toBe('täxt');
    expect((await client.get('/', { responseType: 'bytes' })).data).toEqual(new Uint8Array([65, 66]));
    expect(await client.get('/')).toMatchObject({ status: 204, data: undefined });
  });

  it('undo compression, and refuse what unfolds beyond the limit', async () => {
    const { client, api } = await start({
      client: { maxAnswerBytes: 1_000 },
      answer: (_request, index) => ({
        headers: { 'content-encoding': 'gzip' },
        body: gzipSync(index === 0 ? '{"a":1}' : ' '.repeat(1_000_000)),
      }),
    });
    expect((await client.get('/')).data).toEqual({ a: 1 });
    expect(api.requests[0]?.headers['accept-encoding']).toContain('gzip');
    await expect(client.get('/')).rejects.toMatchObject({ code: 'provider_answer_too_large' });
  });

  it('refuse an answer beyond the size limit, announced or not', async () => {
    const { client } = await start({
      client: { maxAnswerBytes: 1_000 },
      answer: (_request, index) => ({
        headers: index === 0 ? { 'content-length': '2000' } : { 'transfer-encoding': 'chunked' },
        body: 'x'.repeat(2_000),
      }),
    });
    const tooLarge = { code: 'provider_answer_too_large', details: { maxAnswerBytes: 1_000 } };
    await expect(client.get('/', { responseType: 'text' })).rejects.toMatchObject(tooLarge);
    await expect(client.get('/', { responseType: 'text' })).rejects.toMatchObject(tooLarge);
  });

  it('refuse an address of another origin before anything is sent', async () => {
    const { client, api } = await start({ answer: ok });
    await expect(client.get('https://evil.example/steal')).rejects.toMatchObject({ code: 'provider_request_invalid' });
    expect(api.requests).toEqual([]);
  });
});

describe('errors', () => {
  it('carry method, path, status, attempts and what the provider said', async () => {
    const { client } = await start({ answer: () => ({ status: 404, body: { message: 'No such item' } }) });
    await expect(client.get('/items/7')).rejects.toMatchObject({
      code: 'provider_error',
      message: 'Acme answered with 404 (GET /items/7).',
      details: { method: 'GET', path: '/items/7', status: 404, attempts: 1, body: '{"message":"No such item"}' },
    });
  });

  it('never show a secret, wherever the provider or the script put it', async () => {
    const { client, log } = await start({
      provider: { query: { account: '${credential.apiKey}' }, bodyError: { okPath: 'ok', messagePath: 'error' } },
      answer: (request, index) =>
        [
          { status: 400, body: { echo: request.headers['x-api-key'], access_token: 'other-secret' } },
          { status: 200, body: `<html>${localApiKey}` },
          { status: 200, body: { ok: false, error: `bad ${localApiKey}` } },
          { status: 500, body: `see ${Buffer.from(localApiKey).toString('base64')}` },
        ][index] ?? 'break',
    });
    const errors = [];
    for (const [path, code] of [
      ['/a', 'provider_error'],
      ['/b', 'provider_answer_invalid'],
      ['/c', 'provider_error'],
      ['/d?token=script-secret', 'provider_error'],
      [`/${localApiKey}`, 'provider_unreachable'],
    ] as const) {
      const error: unknown = await client.get(path, { retry: false }).catch((caught: unknown) => caught);
      expect(error).toMatchObject({ code });
      errors.push(error);
    }
    const shown = errors.map((error) => `${String(error)} ${JSON.stringify(error)}`).join('\n') + JSON.stringify(log);
    for (const secret of [localApiKey, 'other-secret', 'script-secret', Buffer.from(localApiKey).toString('base64')]) {
      expect(shown).not.toContain(secret);
    }
    expect(shown).toContain('[redacted]');
    expect(log).toHaveLength(5);
  });

  it('cut a long body after redacting it', async () => {
    const { client } = await start({ answer: () => ({ status: 400, body: 'x'.repeat(1_995) + localApiKey }) });
    const error = (await client.get('/').catch((caught: unknown) => caught)) as { details: { body: string } };
    expect(error.details.body).toHaveLength(2_000);
    expect(error.details.body).not.toContain('key-');
  });

  it('say that an answer is not JSON and what it is', async () => {
    const { client } = await start({ answer: () => ({ headers: { 'content-type': 'text/html' }, body: '<html>' }) });
    await expect(client.get('/')).rejects.toMatchObject({
      code: 'provider_answer_invalid',
      message: expect.stringContaining('text/html') as string,
      hint: expect.stringContaining('responseType') as string,
    });
  });

  it('tell a timeout of one attempt', async () => {
    const { client } = await start({ answer: () => 'silence' });
    await expect(client.get('/', { timeoutMs: 20, retry: false })).rejects.toMatchObject({
      code: 'provider_timeout',
      message: expect.stringContaining('within 20 ms') as string,
    });
  });

  it("end at once with the signal's reason", async () => {
    const reason = new Error('cancelled');
    const { client, abort } = await start({
      answer: () => {
        abort(reason);
        return 'silence';
      },
    });
    await expect(client.get('/')).rejects.toBe(reason);
    await expect(client.get('/')).rejects.toBe(reason);
  });
});
