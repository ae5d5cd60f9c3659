import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { providerSchema, type ProviderInput } from '@tenon/runtime/provider';
import type { CalledHookName } from '@tenon/runtime/execute';
import { createHookRunner } from '../credentials/hooks/run-hook.ts';
import { actionOf, bundleScript, createTestPool, runScript } from './testing/script-pool.ts';
import type { WorkerPool } from './worker-pool.ts';

let pool: WorkerPool;
beforeAll(() => {
  pool = createTestPool();
});
afterAll(() => pool.stop());

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

interface Seen {
  readonly line: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A provider that remembers what came and answers as it is told. */
async function startProvider(
  reply: (
    seen: Seen,
    count: number,
  ) => { status?: number; headers?: Record<string, string>; body?: unknown } = () => ({}),
): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const one = { line: `${request.method} ${request.url}`, headers: request.headers, body: await text(request) };
    seen.push(one);
    const { status = 200, headers = {}, body = { ok: true } } = reply(one, seen.length);
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

function hooksOf(body: string): string {
  return `import { defineProviderHooks, refuseCredentials, TenonError } from '@tenon/runtime';
import { createHash, createHmac } from 'node:crypto';
export default defineProviderHooks({ ${body} });`;
}

interface CallOptions {
  url?: string;
  timeoutMs?: number;
  credentials?: Record<string, string>;
  verification?: ProviderInput['verification'];
  on?: WorkerPool;
}

const logged: unknown[] = [];

function callHook(name: CalledHookName, body: string, options: CallOptions = {}): Promise<unknown> {
  const code = bundleScript(hooksOf(body));
  const bundle = createHash('sha256').update(code).digest('hex');
  const provider = providerSchema.parse({
    name: 'odd',
    displayName: 'Odd',
    docs: 'https://example.com/docs',
    sources: ['https://example.com/docs'],
    auth: { mode: 'api_key', fields: { apiKey: { title: 'Key', secret: true } } },
    integration: { appSecret: { title: 'Secret', secret: true } },
    headers: { 'x-key': '${credential.apiKey}' },
    baseUrl: options.url ?? 'http://127.0.0.1:9',
    ...(options.verification && { verification: options.verification }),
    retry: { maxAttempts: 1 },
  });
  const log = (...entry: unknown[]) => void logged.push(entry);
  const runner = createHookRunner({
    workers: options.on ?? pool,
    loadBundle: () => Promise.resolve(code),
    log: { debug: log, warn: log },
    timeoutMs: options.timeoutMs ?? 20_000,
  });
  const values = options.credentials ?? { apiKey: 'customer-key-1' };
  return runner.run({
    name,
    environmentId: 1,
    provider: { ...provider, hooks: { provider: 'odd', source: 'providers/odd.hooks.ts', bundle, hooks: [name] } },
    credentials: { mode: 'api_key', values },
    credential: { mode: 'api_key', fields: values },
    token: { accessToken: 'old-token-1' },
    config: { region: 'eu' },
    integration: { appSecret: 'app-secret-1' },
    signal: new AbortController().signal,
  });
}

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no error',
    (error: unknown) => error,
  );

describe('a hook in a worker', () => {
  it('is given credentials, values, token and requests without a credential of their own', async () => {
    const provider = await startProvider(() => ({ body: { token: 'new-token' } }));
    const answer = await callHook(
      'renewToken',
      `async renewToken({ token, credentials, integration, connection, request }) {
        const { data } = await request('/renew', { params: { old: token.accessToken } });
        return { accessToken: data.token, fields: { ...credentials, ...integration, ...connection } };
      }`,
      { url: provider.url },
    );
    expect(answer).toEqual({
      accessToken: 'new-token',
      fields: { apiKey: 'customer-key-1', appSecret: 'app-secret-1', region: 'eu' },
    });
    expect(provider.seen.map(({ line }) => line)).toEqual(['GET /renew?old=old-token-1']);
    expect(provider.seen[0]?.headers['x-key']).toBeUndefined();
  });

  it('makes the verification request through beforeRequest when it has none of its own', async () => {
    const provider = await startProvider(({ headers }) => ({ status: headers['x-mac'] === 'mac-of-/me' ? 200 : 401 }));
    const signing = 'beforeRequest: ({ url }) => ({ headers: { "X-Mac": "mac-of-" + new URL(url).pathname } })';
    const options = { url: provider.url, verification: { path: '/me' } };
    expect(await failure(callHook('verify', signing, options))).toBe('no error');
    expect(provider.seen[0]?.headers['x-key']).toBe('customer-key-1');
    expect(await failure(callHook('verify', 'beforeRequest: () => undefined', options))).toMatchObject({
      code: 'provider_unauthorized',
    });
  });

  it('refuses customers only where it says so', async () => {
    const provider = await startProvider(() => ({ status: 401 }));
    const { url } = provider;
    const refusing = 'verify: () => refuseCredentials("The key was revoked.")';
    expect(await failure(callHook('verify', refusing, { url }))).toMatchObject({
      code: 'provider_unauthorized',
      message: 'The key was revoked.',
    });
    const careless = 'async verify({ request }) { await request("/me"); }';
    expect(await failure(callHook('verify', careless, { url }))).toMatchObject({
      code: 'provider_error',
      details: { status: 401 },
    });
    expect(await failure(callHook('verify', 'verify() { undefined.x; }'))).toMatchObject({ code: 'hook_failed' });
  });

  it('fails as its requests do when the provider is down', async () => {
    const body = 'async verify({ request }) { await request("/me"); }';
    expect(await failure(callHook('verify', body))).toMatchObject({ code: 'provider_unreachable' });
  });
});

describe('a hostile hook', () => {
  it.each([
    ['blocks its process', 'verify() { while (true) {} }', /did not end within 0.3 s/],
    ['never answers', 'verify: () => new Promise(() => {})', /did not end within 0.3 s/],
  ])('is ended when it %s', async (_name, body, message) => {
    const error = await failure(callHook('verify', body, { timeoutMs: 300 }));
    expect(error).toMatchObject({ code: 'hook_failed', message: expect.stringMatching(message) as unknown });
  });

  it('finds no environment, no file and no channel', async () => {
    const body = `obtainToken() {
      const found = { env: Object.keys(process.env).length, send: typeof process.send };
      try { require('node:fs').readFileSync('/etc/passwd'); found.file = 'read'; } catch { found.file = 'refused'; }
      return found;
    }`;
    expect(await callHook('obtainToken', body)).toEqual({ env: 0, send: 'undefined', file: 'refused' });
  });

  it('cannot flood the server with its answer', async () => {
    const body = 'obtainToken: () => ({ accessToken: "x".repeat(2_000_000) })';
    expect(await failure(callHook('obtainToken', body))).toMatchObject({
      code: 'hook_failed',
      message: expect.stringContaining('answered with 2000018 characters') as unknown,
    });
    const heavy = 'obtainToken() { const all = []; for (;;) all.push("x".repeat(1_000_000) + all.length); }';
    expect(await failure(callHook('obtainToken', heavy))).toMatchObject({ code: 'hook_failed' });
  });

  it('shows no secret in its errors, its log and the details of what it throws', async () => {
    logged.length = 0;
    const provider = await startProvider(() => ({ status: 500, body: { echo: 'customer-key-1 app-secret-1' } }));
    const throwing = `verify({ credentials, integration, token, log }) {
      log.warn('got', { ...credentials, ...integration, ...token });
      throw new TenonError('hook_failed', Object.values({ ...credentials, ...integration, ...token }).join(' '), {
        details: { ...credentials, ...integration },
      });
    }`;
    const asking = 'async verify({ request, credentials }) { await request("/" + credentials.apiKey); }';
    const errors = [
      await failure(callHook('verify', throwing)),
      await failure(callHook('verify', asking, { url: provider.url })),
    ];
    expect(errors).toMatchObject([{ code: 'hook_failed' }, { code: 'provider_error' }]);
    expect(logged.length).toBeGreaterThan(1);
    const shown = JSON.stringify([
      logged,
      errors.map((error) =>
        error instanceof Error ? { ...error, message: error.message, stack: error.stack } : error,
      ),
    ]);
    expect(shown).not.toMatch(/customer-key-1|app-secret-1|old-token-1/);
  });

  it('reaches no private address where that is not allowed, nor one without TLS', async () => {
    const provider = await startProvider();
    const guarded = createTestPool({ size: 1, allowPrivateAddresses: false });
    closing.push(() => guarded.stop());
    const ask = (url: string) =>
      callHook('verify', `async verify({ request }) { await request("${url}"); }`, { on: guarded });
    expect(await failure(ask(provider.url))).toMatchObject({
      code: 'hook_failed',
      message: expect.stringContaining('https') as unknown,
    });
    expect(await failure(ask('https://127.0.0.1:9/'))).toMatchObject({ code: 'provider_address_refused' });
    expect(provider.seen).toEqual([]);
  });
});

describe('beforeRequest of a run', () => {
  const signing = `async beforeRequest({ method, url, body }, { credentials, integration }) {
    const { pathname, searchParams } = new URL(url);
    const time = String(Date.now()) + '.' + Math.random();
    const mac = createHmac('sha256', integration.appSecret)
      .update([method, pathname, body ? Buffer.from(body).toString() : '', time, credentials.apiKey].join('\\n'))
      .digest('hex');
    const target = new URL(url);
    target.searchParams.set('mac', mac);
    return { url: target.href, headers: { 'x-time': time, 'X-Key': null } };
  }`;

  function runSigned(script: string, options: { url: string; hooks?: string }) {
    return runScript(pool, script, {
      baseUrl: options.url,
      credential: { mode: 'api_key', fields: { apiKey: 'customer-key-1' } },
      integration: { appSecret: 'app-secret-1' },
      hooks: hooksOf(options.hooks ?? signing),
      provider: {
        integration: { appSecret: { title: 'Secret', secret: true } },
        headers: { 'x-key': '${credential.apiKey}' },
        retry: { maxAttempts: 2 },
      },
    });
  }

  it('signs every attempt and every redirect anew, as it goes over the wire', async () => {
    const provider = await startProvider((_seen, count) => {
      if (count === 1) return { status: 503, headers: { 'retry-after': '0' } };
      return count === 2 ? { status: 307, headers: { location: '/orders/2' } } : {};
    });
    const run = runSigned(
      actionOf('return (await action.post("/orders", { size: 1 }, { retry: true })).data;'),
      provider,
    );
    expect(await run.outcome).toEqual({ status: 'succeeded', output: { ok: true } });
    expect(provider.seen.map(({ line }) => line.split('?')[0])).toEqual([
      'POST /orders',
      'POST /orders',
      'POST /orders/2',
    ]);
    for (const { line, headers, body } of provider.seen) {
      const url = new URL(line.slice('POST '.length), provider.url);
      const signed = ['POST', url.pathname, body, headers['x-time'], 'customer-key-1'].join('\n');
      expect(url.searchParams.getAll('mac').at(-1)).toBe(
        createHmac('sha256', 'app-secret-1').update(signed).digest('hex'),
      );
      expect(headers['x-key']).toBeUndefined();
    }
    expect(new Set(provider.seen.map(({ headers }) => headers['x-time'])).size).toBe(3);
  });

  it('is not called for a redirect to another origin', async () => {
    const elsewhere = await startProvider();
    const provider = await startProvider(() => ({ status: 302, headers: { location: `${elsewhere.url}/file` } }));
    const run = runSigned(actionOf('return (await action.get("/download")).data;'), provider);
    expect(await run.outcome).toMatchObject({ status: 'succeeded' });
    expect(elsewhere.seen.map(({ line, headers }) => [line, headers['x-time']])).toEqual([['GET /file', undefined]]);
  });

  it.each([
    ['another origin', 'beforeRequest: () => ({ url: "https://evil.example/" })', /another origin/],
    ['a header with a line break', 'beforeRequest: () => ({ headers: { a: "b\\r\\nc: d" } })', /without line breaks/],
    ['what is no change', 'beforeRequest: () => ({ uri: "/" }) as never', /uri/],
    ['an error', 'beforeRequest() { throw new Error("no key app-secret-1"); }', /no key \[redacted\]/],
  ])('fails the call that it answers with %s', async (_name, hooks, message) => {
    const provider = await startProvider();
    const outcome = await runSigned(actionOf('await action.get("/x");'), { url: provider.url, hooks }).outcome;
    expect(outcome).toMatchObject({
      status: 'failed',
      error: { code: 'hook_failed', message: expect.stringMatching(message) as unknown },
    });
    expect(provider.seen).toEqual([]);
  });

  it('shows no signature that the provider sends back', async () => {
    const provider = await startProvider(({ headers }) => ({ status: 400, body: { got: headers['x-signed'] } }));
    const hooks = 'beforeRequest: () => ({ headers: { "x-signed": "signature-of-this-request" } })';
    const run = runSigned(actionOf('await action.get("/x");'), { url: provider.url, hooks });
    expect(await run.outcome).toMatchObject({ status: 'failed', error: { code: 'provider_error' } });
    expect(JSON.stringify([await run.outcome, run.logs])).not.toContain('signature-of-this-request');
    expect(provider.seen[0]?.headers['x-signed']).toBe('signature-of-this-request');
  });
});
