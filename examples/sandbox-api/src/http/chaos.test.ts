import { describe, expect, it } from 'vitest';
import type { ChaosInput } from './chaos.ts';
import { startTestApi, type TestApi } from './harness.ts';

const key = { 'x-api-key': 'sandbox-key' };

async function statuses(api: TestApi, count: number, path = '/me'): Promise<number[]> {
  const seen: number[] = [];
  for (let index = 0; index < count; index += 1) seen.push((await api.call('GET', path)).status);
  return seen;
}

async function startWithChaos(chaos: ChaosInput): Promise<TestApi> {
  const api = await startTestApi();
  expect((await api.call('POST', '/_control/chaos', { body: chaos })).status).toBe(200);
  return api;
}

describe('chaos', () => {
  it('answers 429 with Retry-After on every n-th request', async () => {
    const api = await startWithChaos({ mode: 'rate_limited', every: 3, retryAfterSeconds: 2 });
    expect(await statuses(api, 6)).toEqual([200, 200, 429, 200, 200, 429]);
    api.setChaos({ mode: 'rate_limited', retryAfterSeconds: 2 });
    expect((await api.call('GET', '/me')).headers.get('retry-after')).toBe('2');
  });

  it('answers 5xx so many times and then recovers', async () => {
    const api = await startWithChaos({ mode: 'server_error', status: 502, times: 2 });
    expect(await statuses(api, 4)).toEqual([502, 502, 200, 200]);
  });

  it('hits only the paths that it was given, and never the control routes', async () => {
    const api = await startWithChaos({ mode: 'server_error', path: '/contacts' });
    expect(await statuses(api, 1, '/contacts')).toEqual([503]);
    expect(await statuses(api, 1, '/me')).toEqual([200]);
    api.setChaos({ mode: 'server_error' });
    expect(await statuses(api, 1, '/_control/stats')).toEqual([200]);
  });

  it('cuts an answer in half after promising all of it', async () => {
    const api = await startWithChaos({ mode: 'truncated' });
    const response = await fetch(`${api.url}/issues`, { headers: key });
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow(/terminated/);
  });

  it('resets the connection without an answer', async () => {
    const api = await startWithChaos({ mode: 'reset' });
    await expect(fetch(`${api.url}/me`, { headers: key })).rejects.toThrow(/fetch failed/);
  });

  it('answers late, and stops waiting when it is stopped', async () => {
    const api = await startWithChaos({ mode: 'slow', delayMs: 600_000 });
    const late = fetch(`${api.url}/me`, { headers: key }).then(
      () => 'answered',
      () => 'cut',
    );
    while (api.stats().total === 0) await new Promise((resolve) => setImmediate(resolve));
    await api.stop();
    // The test's own deadline is far below the ten minutes.
    expect(await late).toBe('cut');
  });

  it('gives the whole answer after a short delay', async () => {
    const api = await startWithChaos({ mode: 'slow', delayMs: 5 });
    expect(await statuses(api, 1)).toEqual([200]);
  });

  it('listens no more for a while and then again on the same port', async () => {
    const api = await startWithChaos({ mode: 'refused', forMs: 200 });
    const attempt = () =>
      fetch(`${api.url}/me`, { headers: key }).then(
        (response) => response.status,
        (error: Error) => (error.cause as { code?: string } | undefined)?.code,
      );
    const seen = new Set<unknown>();
    while (!seen.has('ECONNREFUSED')) seen.add(await attempt());
    const after = new Set<unknown>();
    while (!after.has(200)) after.add(await attempt());
    expect([...after].at(-1)).toBe(200);
  });

  it('can be stopped while it is down', async () => {
    const api = await startTestApi();
    await api.goDown();
    await api.stop();
    await expect(fetch(`${api.url}/me`)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  });

  it('goes down and comes up when the process that holds it says so', async () => {
    const api = await startTestApi();
    await api.goDown();
    await expect(fetch(`${api.url}/me`)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    await api.comeUp();
    expect(await statuses(api, 1)).toEqual([200]);
  });

  it('refuses a mode that it does not know', async () => {
    const api = await startTestApi();
    expect((await api.call('POST', '/_control/chaos', { body: { mode: 'gremlins' } })).status).toBe(422);
  });

  it('says when to come back in seconds, as a date, or as a reset time', async () => {
    const api = await startWithChaos({ mode: 'rate_limited', tells: 'reset', retryAfterSeconds: 5 });
    const reset = await api.call('GET', '/me');
    expect(reset.headers.get('retry-after')).toBeNull();
    expect(reset.headers.get('x-ratelimit-remaining')).toBe('0');
    expect(Number(reset.headers.get('x-ratelimit-reset')) * 1_000).toBeGreaterThan(Date.now());
    api.setChaos({ mode: 'rate_limited', tells: 'date', retryAfterSeconds: 5 });
    const dated = await api.call('GET', '/me');
    expect(Date.parse(dated.headers.get('retry-after') ?? '')).toBeGreaterThan(Date.now());
  });

  it('sends half of the JSON as if it were all', async () => {
    const api = await startWithChaos({ mode: 'broken_json' });
    const text = await (await fetch(`${api.url}/issues`, { headers: key })).text();
    expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
  });

  it('serves an empty list, a list in another order, an item twice, and numbers as text', async () => {
    const api = await startTestApi();
    type Rows = Array<{ id: string; comments: unknown }>;
    const read = async (page: number) => (await api.call('GET', `/issues?per_page=5&page=${page}`)).body as Rows;
    const ids = (rows: Rows) => rows.map(({ id }) => id);
    const [first, second] = [await read(1), await read(2)];
    api.setChaos({ mode: 'empty' });
    const empty = await api.call('GET', '/issues?per_page=5');
    expect([empty.body, empty.headers.get('link')]).toEqual([[], null]);
    api.setChaos({ mode: 'shuffled' });
    expect(ids(await read(1))).toEqual(ids(first).toReversed());
    api.setChaos({ mode: 'duplicated' });
    await read(1);
    expect(ids(await read(2))).toEqual([ids(first).at(-1), ...ids(second)]);
    api.setChaos({ mode: 'drifted' });
    expect((await read(1)).map(({ comments }) => typeof comments)).toEqual([
      'string',
      'number',
      'number',
      'string',
      'number',
    ]);
    api.setChaos({ mode: 'unauthorized' });
    expect(await statuses(api, 1)).toEqual([401]);
  });

  it('draws a storm that is the same for the same seed', async () => {
    const play = async (seed: number) => {
      const api = await startWithChaos({ mode: 'storm', seed, share: 0.6, delayMs: 1 });
      const seen: string[] = [];
      for (let call = 0; call < 25; call += 1) {
        const answer = await fetch(`${api.url}/issues?per_page=3`, { headers: key })
          .then(async (response) => `${response.status} ${await response.text()}`)
          .catch(() => 'cut');
        seen.push(answer);
      }
      return seen;
    };
    const [one, again, other] = [await play(3), await play(3), await play(4)];
    expect(again).toEqual(one);
    expect(other).not.toEqual(one);
    expect(new Set(one.map((answer) => answer.slice(0, 3))).size).toBeGreaterThan(2);
  });

  it('tells of deletions in a feed', async () => {
    const api = await startTestApi();
    const { body } = await api.call('POST', '/_control/advance', { body: { deletes: 3 } });
    const { deleted } = body as { deleted: string[] };
    type Feed = { data: Array<{ id: string }>; last: number; hasMore: boolean };
    const first = (await api.call('GET', '/issues/deleted?limit=2')).body as Feed;
    const rest = (await api.call('GET', `/issues/deleted?after=${first.last}`)).body as Feed;
    expect([...first.data, ...rest.data].map(({ id }) => id)).toEqual(deleted);
    expect([first.hasMore, rest.hasMore]).toEqual([true, false]);
  });

  it('changes many items at one instant', async () => {
    const api = await startTestApi();
    const { body } = await api.call('POST', '/_control/advance', { body: { updates: 4, sameInstant: true } });
    const { updated } = body as { updated: string[] };
    const rows = await Promise.all(updated.map(async (id) => (await api.call('GET', `/issues/${id}`)).body));
    expect(new Set((rows as Array<{ updatedAt: string }>).map(({ updatedAt }) => updatedAt)).size).toBe(1);
  });
});
