import { describe, expect, it } from 'vitest';
import { startTestApi } from './harness.ts';

describe('rate limits', () => {
  it('are off by default', async () => {
    const api = await startTestApi();
    expect((await api.call('GET', '/me')).headers.get('x-ratelimit-limit')).toBeNull();
  });

  it('count down in headers, refuse with Retry-After, and start over when the window ends', async () => {
    let nowMs = 1_700_000_000_000;
    const api = await startTestApi({ rateLimit: { limit: 2, windowSeconds: 10 } }, () => nowMs);
    const first = await api.call('GET', '/me');
    expect(first.headers.get('x-ratelimit-limit')).toBe('2');
    expect(first.headers.get('x-ratelimit-remaining')).toBe('1');
    expect(first.headers.get('x-ratelimit-reset')).toBe('1700000010');
    await api.call('GET', '/issues');
    nowMs += 3_500;
    const refused = await api.call('GET', '/me');
    expect(refused).toMatchObject({ status: 429, body: { error: { code: 'rate_limited' } } });
    expect(refused.headers.get('retry-after')).toBe('7');
    expect(refused.headers.get('x-ratelimit-remaining')).toBe('0');
    nowMs += 6_500;
    expect((await api.call('GET', '/me')).status).toBe(200);
  });

  it('do not count refused credentials or the control routes', async () => {
    const api = await startTestApi({ rateLimit: { limit: 1 } });
    await api.call('GET', '/me', { headers: { 'x-api-key': 'wrong' } });
    await api.call('GET', '/_control/stats');
    expect((await api.call('GET', '/me')).status).toBe(200);
    expect((await api.call('GET', '/me')).status).toBe(429);
  });

  it('are set and taken away while it runs', async () => {
    const api = await startTestApi();
    await api.call('POST', '/_control/rate-limit', { body: { rateLimit: { limit: 1 } } });
    await api.call('GET', '/me');
    expect((await api.call('GET', '/me')).status).toBe(429);
    await api.call('POST', '/_control/rate-limit', { body: { rateLimit: null } });
    expect((await api.call('GET', '/me')).status).toBe(200);
  });
});
