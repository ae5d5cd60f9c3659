import { describe, expect, it } from 'vitest';
import { retrySchema } from '../provider/provider-schema.ts';
import { decideRetry, isRateLimited, type AttemptFailure, type RetryQuestion } from './retry-timing.ts';

const nowMs = Date.parse('2026-01-01T00:00:00Z');

function ask(failure: AttemptFailure, rest: Partial<RetryQuestion> = {}) {
  return decideRetry({
    policy: retrySchema.parse({ resetHeader: 'x-reset', remainingHeader: 'x-remaining' }),
    failure,
    method: 'GET',
    attempt: 1,
    nowMs,
    random: 0.5,
    maxWaitMs: 60_000,
    ...rest,
  });
}

const status = (code: number, headers: Record<string, string> = {}): AttemptFailure => ({
  kind: 'status',
  status: code,
  headers,
  rateLimited: code === 429,
});

describe('decideRetry', () => {
  it.each([
    ['seconds', '7', 7_000],
    ['a fraction of a second', '0.25', 250],
    ['an HTTP date', 'Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
    ['a date that has passed', 'Wed, 31 Dec 2025 23:59:00 GMT', 0],
  ])('waits as long as Retry-After says in %s', (_kind, value, waitMs) => {
    expect(ask(status(429, { 'retry-after': value }))).toEqual({ retry: true, waitMs });
    expect(ask(status(503, { 'retry-after': value }))).toEqual({ retry: true, waitMs });
  });

  it('takes the first of several wait headers that is present and readable', () => {
    const policy = retrySchema.parse({ waitHeaders: ['retry-after', 'x-wait'] });
    expect(ask(status(429, { 'retry-after': 'soon', 'x-wait': '3' }), { policy })).toEqual({
      retry: true,
      waitMs: 3_000,
    });
  });

  it('waits for the reset when no calls are left, and not when some are', () => {
    const reset = String(nowMs / 1_000 + 20);
    expect(ask(status(429, { 'x-reset': reset, 'x-remaining': '0' }))).toEqual({ retry: true, waitMs: 20_000 });
    expect(ask(status(429, { 'x-reset': reset }))).toEqual({ retry: true, waitMs: 20_000 });
    expect(ask(status(429, { 'x-reset': reset, 'x-remaining': '9' }))).toEqual({ retry: true, waitMs: 250 });
    expect(ask(status(500, { 'x-reset': reset, 'x-remaining': '0' }))).toEqual({ retry: true, waitMs: 250 });
  });

  it('backs off exponentially with full jitter up to a cap', () => {
    const waits = [1, 2, 3, 8].map((attempt) =>
      ask(status(500), { attempt, random: 0.999_999, policy: retrySchema.parse({ maxAttempts: 20 }) }),
    );
    expect(waits).toEqual([500, 1_000, 2_000, 30_000].map((waitMs) => ({ retry: true, waitMs })));
    expect(ask(status(500), { random: 0 })).toEqual({ retry: true, waitMs: 0 });
  });

  it('stops after the last attempt and tells how long the provider asked to wait', () => {
    expect(ask(status(429, { 'retry-after': '9' }), { attempt: 5 })).toEqual({ retry: false, askedWaitMs: 9_000 });
  });

  it('does not wait longer than allowed or beyond the deadline', () => {
    expect(ask(status(429, { 'retry-after': '61' }))).toEqual({ retry: false, askedWaitMs: 61_000 });
    const deadlineAtMs = nowMs + 5_000;
    expect(ask(status(429, { 'retry-after': '5' }), { deadlineAtMs })).toEqual({ retry: false, askedWaitMs: 5_000 });
    expect(ask(status(429, { 'retry-after': '4' }), { deadlineAtMs })).toEqual({ retry: true, waitMs: 4_000 });
  });

  it.each(['POST', 'PATCH'])('repeats %s only when it had no effect', (method) => {
    expect(ask(status(500), { method }).retry).toBe(false);
    expect(ask({ kind: 'timeout' }, { method }).retry).toBe(false);
    expect(ask({ kind: 'network', sent: true, permanent: false }, { method }).retry).toBe(false);
    expect(ask({ kind: 'network', sent: false, permanent: false }, { method }).retry).toBe(true);
    expect(ask(status(429), { method }).retry).toBe(true);
    expect(ask(status(500), { method, mayRepeat: true }).retry).toBe(true);
  });

  it.each(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'])('repeats %s after any failure that may pass', (method) => {
    expect(ask(status(500), { method }).retry).toBe(true);
    expect(ask({ kind: 'timeout' }, { method }).retry).toBe(true);
    expect(ask({ kind: 'network', sent: true, permanent: false }, { method }).retry).toBe(true);
    expect(ask({ kind: 'network', sent: false, permanent: true }, { method }).retry).toBe(false);
    expect(ask(status(404), { method }).retry).toBe(false);
    expect(ask(status(429), { method, mayRepeat: false }).retry).toBe(false);
  });
});

describe('isRateLimited', () => {
  const policy = retrySchema.parse({ rateLimitStatuses: [403, 429], remainingHeader: 'x-remaining' });

  it('takes 429 at its word', () => {
    expect(isRateLimited(policy, 429, {})).toBe(true);
    expect(isRateLimited(policy, 500, { 'retry-after': '1' })).toBe(false);
  });

  it('takes 403 for a rate limit only when the headers say so', () => {
    expect(isRateLimited(policy, 403, {})).toBe(false);
    expect(isRateLimited(policy, 403, { 'x-remaining': '12' })).toBe(false);
    expect(isRateLimited(policy, 403, { 'x-remaining': '0' })).toBe(true);
    expect(isRateLimited(policy, 403, { 'retry-after': '60' })).toBe(true);
    expect(isRateLimited(retrySchema.parse({}), 403, { 'retry-after': '60' })).toBe(false);
  });
});
