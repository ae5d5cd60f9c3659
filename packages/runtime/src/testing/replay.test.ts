import { describe, expect, it } from 'vitest';
import { createProviderClient } from '../request/provider-client.ts';
import { providerSchema } from '../provider/provider-schema.ts';
import { createReplay, type Replay } from './replay.ts';
import type { Exchange } from './exchange.ts';
import { createSkippingClock } from './skipping-clock.ts';

const provider = providerSchema.parse({
  name: 'acme',
  displayName: 'Acme',
  docs: 'https://example.com',
  sources: ['https://example.com'],
  auth: { mode: 'none' },
  query: { api_key: 'k1' },
  baseUrl: 'https://api.example.com/v1',
});

function connect(replay: Replay) {
  return createProviderClient({
    provider,
    credential: () => ({ mode: 'none', fields: {} }),
    connection: { id: 'c', config: {} },
    dispatcher: replay.dispatcher,
    clock: createSkippingClock(),
    signal: new AbortController().signal,
  });
}

const exchange = (request: Partial<Exchange['request']>, response: Partial<Exchange['response']> = {}): Exchange => ({
  request: { method: 'GET', path: '/v1/items?api_key=[redacted]', ...request },
  response: { status: 200, headers: {}, body: { ok: true }, ...response },
});

describe('createReplay', () => {
  it('answers with the recorded status, headers and body', async () => {
    const replay = createReplay([
      exchange({}, { headers: { 'Content-Encoding': 'gzip', 'X-Next': '2' }, body: [1] }),
      exchange({ method: 'post', path: '/v1/text?api_key=k1' }, { status: 201, body: 'plain' }),
    ]);
    const client = connect(replay);
    expect(await client.get('/items')).toMatchObject({ status: 200, data: [1], headers: { 'x-next': '2' } });
    expect(await client.post('/text', {}, { responseType: 'text' })).toMatchObject({ status: 201, data: 'plain' });
    replay.assertAllUsed();
  });

  it('matches queries in any order, listed headers, and bodies by their content', async () => {
    const path = '/v1/items?b=2&api_key=[redacted]&a=1&a=3';
    const replay = createReplay([
      exchange({ path, headers: { 'X-Mode': 'fast' } }),
      exchange({ method: 'POST', body: { b: { c: [1, null] }, a: '[redacted]' } }),
      exchange({ method: 'PUT', body: { a: 'x y' } }),
      exchange({ method: 'PATCH', body: 'text' }),
    ]);
    const client = connect(replay);
    await client.get('/items', { params: { a: [1, 3], b: 2 }, headers: { 'x-mode': 'fast' } });
    await client.post('/items', { a: 'anything', b: { c: [1, null] } });
    await client.put('/items', new URLSearchParams({ a: 'x y' }));
    await client.patch('/items', 'text');
    replay.assertAllUsed();
  });

  it('gives equal requests their answers in the recorded order, each once', async () => {
    const client = connect(createReplay([exchange({}, { body: 1 }), exchange({}, { body: 2 })]));
    expect([(await client.get('/items')).data, (await client.get('/items')).data]).toEqual([1, 2]);
    await expect(client.get('/items')).rejects.toMatchObject({
      code: 'replay_unmatched',
      message: /already answered once/,
    });
  });

  it('fails a request that was not recorded with the closest ones, without a retry and without secrets', async () => {
    const replay = createReplay([
      exchange({ path: '/v1/other?api_key=k1' }),
      exchange({ path: '/v1/items?page=2&api_key=k1', headers: { 'x-a': '1' } }),
    ]);
    const error: unknown = await connect(replay)
      .get('/items?page=3')
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: 'replay_unmatched',
      message:
        'GET /v1/items?page=3&api_key=[redacted] is not in the recording. ' +
        'Closest: GET /v1/items?page=2&api_key=[redacted] (query page: recorded 2, sent 3; header x-a), ' +
        'GET /v1/other?api_key=[redacted] (path: recorded /v1/other, sent /v1/items; query page: recorded nothing, sent 3).',
    });
  });

  it.each([
    ['another method', exchange({ method: 'POST' })],
    ['another value in the body', exchange({ body: { a: 1 } })],
    ['a parameter less', exchange({ path: '/v1/items' })],
  ])('does not match %s', async (_kind, recorded) => {
    await expect(connect(createReplay([recorded])).get('/items')).rejects.toMatchObject({ code: 'replay_unmatched' });
  });

  it('plays waits without waiting', async () => {
    const replay = createReplay([exchange({}, { status: 429, headers: { 'retry-after': '50' } }), exchange({})]);
    await connect(replay).get('/items');
    replay.assertAllUsed();
  });

  it('tells the exchanges that nothing asked for', async () => {
    const replay = createReplay([exchange({}), exchange({ method: 'DELETE', path: '/v1/items/1' })]);
    await connect(replay).get('/items');
    expect(() => replay.assertAllUsed()).toThrow(
      expect.objectContaining({
        code: 'replay_unused',
        message: expect.stringContaining('DELETE /v1/items/1') as string,
      }),
    );
  });

  it('refuses a recording of another form, with the place', () => {
    const broken = [{ request: { method: 'GET', path: 'items' }, response: { status: 200 } }] as Exchange[];
    expect(() => createReplay(broken)).toThrow(
      expect.objectContaining({
        code: 'recording_invalid',
        message: expect.stringContaining('0.request.path') as string,
      }),
    );
  });
});
