import { createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { ActiveCredential } from '../provider/credential.ts';
import { startLocalProvider, type LocalProvider, type LocalProviderOptions } from '../testing/local-provider.ts';

let local: LocalProvider | undefined;

async function start(options: LocalProviderOptions): Promise<LocalProvider> {
  local = await startLocalProvider(options);
  return local;
}

afterEach(async () => {
  await local?.close();
  local = undefined;
});

const ok = { body: { ok: true } };

describe('a call that fails for a while', () => {
  it('is repeated until it succeeds, waiting as long as the provider asks', async () => {
    const { client, clock, log } = await start({
      answer: (_request, index) =>
        [{ status: 429, headers: { 'Retry-After': '12' } }, { status: 503 }, ok][index] ?? 'break',
      client: { random: () => 0.5 },
    });
    expect((await client.get('/x')).status).toBe(200);
    expect(clock.waits).toEqual([12_000, 500]);
    expect(log).toMatchObject([
      { attempt: 1, status: 429, outcome: 'rate_limited', retryInMs: 12_000 },
      { attempt: 2, status: 503, outcome: 'error', retryInMs: 500 },
      { attempt: 3, status: 200, outcome: 'done' },
    ]);
  });

  it('is repeated after a broken connection and after a timeout', async () => {
    const { client, log } = await start({
      answer: (_request, index) => (index === 0 ? 'break' : index === 1 ? 'silence' : ok),
    });
    expect((await client.get('/', { timeoutMs: 50 })).status).toBe(200);
    expect(log.map(({ outcome }) => outcome)).toEqual(['unreachable', 'timeout', 'done']);
  });

  it('sends the same body again', async () => {
    const { client, api } = await start({ answer: (_request, index) => (index === 0 ? { status: 500 } : ok) });
    const form = new FormData();
    form.set('a', 'b');
    await client.put('/', form);
    expect(api.requests[1]?.body).toBe(api.requests[0]?.body);
    expect(api.requests[1]?.body).toContain('name="a"');
  });

  it('ends after the last attempt', async () => {
    const { client, api } = await start({ provider: { retry: { maxAttempts: 3 } }, answer: () => ({ status: 500 }) });
    await expect(client.get('/x')).rejects.toMatchObject({
      code: 'provider_error',
      message: 'Acme answered with 500 (GET /x, after 3 attempts).',
      details: { attempts: 3, status: 500 },
    });
    expect(api.requests).toHaveLength(3);
  });

  it('is not repeated when it may have had an effect', async () => {
    const { client, api } = await start({ answer: (_request, index) => (index === 0 ? { status: 500 } : 'break') });
    await expect(client.post('/', {})).rejects.toMatchObject({ code: 'provider_error' });
    await expect(client.patch('/', {})).rejects.toMatchObject({ code: 'provider_unreachable' });
    await expect(client.get('/', { retry: false })).rejects.toMatchObject({ code: 'provider_unreachable' });
    expect(api.requests).toHaveLength(3);
  });

  it('is repeated by POST when the provider refused it for its rate limit', async () => {
    const { client, api } = await start({ answer: (_request, index) => (index === 0 ? { status: 429 } : ok) });
    await client.post('/', { a: 1 });
    expect(api.requests.map(({ body }) => body)).toEqual(['{"a":1}', '{"a":1}']);
  });
});

describe('a provider that cannot be reached', () => {
  it('is tried again, by POST too, and ends as unreachable with the reason', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const { client, log } = await start({ provider: { baseUrl: `http://127.0.0.1:${port}` }, answer: () => ok });
    await expect(client.post('/', {})).rejects.toMatchObject({
      code: 'provider_unreachable',
      message: expect.stringContaining('ECONNREFUSED') as string,
      details: { attempts: 5 },
    });
    expect(log).toHaveLength(5);
  });
});

describe('a rate limit', () => {
  it('ends the call when the wait is longer than a run may hold its place', async () => {
    const { client, clock } = await start({ answer: () => ({ status: 429, headers: { 'retry-after': '3600' } }) });
    await expect(client.get('/')).rejects.toMatchObject({
      code: 'provider_rate_limited',
      message: expect.stringContaining('wait 3600 s') as string,
      details: { retryAfterMs: 3_600_000, attempts: 1 },
    });
    expect(clock.waits).toEqual([]);
  });

  it('ends the call when the wait would go beyond the deadline', async () => {
    const { client } = await start({
      client: { deadlineAtMs: Date.now() + 5_000 },
      answer: () => ({ status: 429, headers: { 'retry-after': '10' } }),
    });
    await expect(client.get('/')).rejects.toMatchObject({
      code: 'provider_rate_limited',
      details: { retryAfterMs: 10_000 },
    });
  });

  it('can come as 403 with no calls left, unlike a plain 403', async () => {
    const resetAt = Math.floor(Date.now() / 1_000) + 30;
    const limited = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(resetAt) };
    const { client, clock } = await start({
      provider: {
        retry: {
          rateLimitStatuses: [403, 429],
          remainingHeader: 'x-ratelimit-remaining',
          resetHeader: 'x-ratelimit-reset',
        },
      },
      answer: (_request, index) => [{ status: 403, headers: limited }, ok, { status: 403 }][index] ?? 'break',
    });
    await client.get('/');
    expect(clock.waits).toHaveLength(1);
    expect(clock.waits[0]).toBeGreaterThan(20_000);
    await expect(client.get('/')).rejects.toMatchObject({
      code: 'provider_error',
      details: { status: 403, attempts: 1 },
    });
  });

  it('can come as an error in a 200', async () => {
    const { client, api } = await start({
      provider: { bodyError: { okPath: 'ok', messagePath: 'error', rateLimited: ['ratelimited'] } },
      answer: (_request, index) => (index === 0 ? { body: { ok: false, error: 'ratelimited' } } : ok),
    });
    await client.post('/', {});
    expect(api.requests).toHaveLength(2);
  });

  it('is not waited for when the run is cancelled meanwhile', async () => {
    const reason = new Error('cancelled');
    const { client, abort, api } = await start({
      answer: () => ({ status: 429, headers: { 'retry-after': '5' } }),
      client: {
        clock: {
          now: () => 0,
          wait: (_ms, signal) => {
            abort(reason);
            return Promise.reject(signal.reason as Error);
          },
        },
      },
    });
    await expect(client.get('/')).rejects.toBe(reason);
    expect(api.requests).toHaveLength(1);
  });
});

describe('refused credentials', () => {
  const key = (apiKey: string): ActiveCredential => ({ mode: 'api_key', fields: { apiKey } });
  const answerFor =
    (good: string): LocalProviderOptions['answer'] =>
    (request) =>
      request.headers['x-api-key'] === good ? ok : { status: 401, body: { error: 'expired' } };

  it('are renewed once, and every method is sent again', async () => {
    let renewals = 0;
    const stale = key('stale-key');
    const { client, api } = await start({
      client: {
        credential: () => stale,
        renewCredential: async () => {
          renewals += 1;
          return key('fresh-key');
        },
      },
      answer: answerFor('fresh-key'),
    });
    expect((await client.post('/', { a: 1 })).status).toBe(200);
    expect((await client.get('/')).status).toBe(200);
    expect(renewals).toBe(1);
    expect(api.requests).toHaveLength(3);
  });

  it('are renewed by one of many calls that are refused together', async () => {
    let renewals = 0;
    let current = key('stale-key');
    const { client } = await start({
      client: {
        credential: () => current,
        renewCredential: async () => {
          renewals += 1;
          await new Promise((resolve) => setImmediate(resolve));
          current = key('fresh-key');
          return current;
        },
      },
      answer: answerFor('fresh-key'),
    });
    const answers = await Promise.all(Array.from({ length: 30 }, () => client.get('/')));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(renewals).toBe(1);
  });

  it('end the call when the renewed ones are refused too', async () => {
    let renewals = 0;
    const { client, api } = await start({
      client: { renewCredential: async () => key(`renewed-${(renewals += 1)}`) },
      answer: () => ({ status: 401, body: { error: 'bad key renewed-1' } }),
    });
    const error: unknown = await client.get('/').catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'provider_unauthorized', details: { status: 401 } });
    expect(JSON.stringify(error)).not.toContain('renewed-1');
    expect(renewals).toBe(1);
    expect(api.requests).toHaveLength(2);
  });

  it('end the call at once when nothing can renew them', async () => {
    const { client, api } = await start({ answer: answerFor('another') });
    await expect(client.get('/')).rejects.toMatchObject({ code: 'provider_unauthorized' });
    expect(api.requests).toHaveLength(1);
  });

  it('pass on why they could not be renewed', async () => {
    const reason = new Error('revoked');
    const { client } = await start({
      client: { renewCredential: () => Promise.reject(reason) },
      answer: answerFor('another'),
    });
    await expect(client.get('/')).rejects.toBe(reason);
    await expect(client.get('/')).rejects.toBe(reason);
  });

  it('can come as an error in a 200', async () => {
    const { client } = await start({
      provider: { bodyError: { okPath: 'ok', messagePath: 'error', unauthorized: ['invalid_auth'] } },
      answer: () => ({ body: { ok: false, error: 'invalid_auth' } }),
    });
    await expect(client.get('/')).rejects.toMatchObject({
      code: 'provider_unauthorized',
      details: { providerMessage: 'invalid_auth' },
    });
  });
});
