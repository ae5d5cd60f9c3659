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
});
