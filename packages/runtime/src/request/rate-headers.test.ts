import { describe, expect, it } from 'vitest';
import { retrySchema } from '../provider/provider-schema.ts';
import { readRateHeaders } from './rate-headers.ts';

const nowMs = Date.parse('2026-01-01T00:00:00Z');
const seconds = nowMs / 1_000;

const declared = { limitHeader: 'x-limit', remainingHeader: 'x-left', resetHeader: 'x-reset' };

describe('readRateHeaders', () => {
  it.each([
    ['Unix seconds', 'unix-seconds', String(seconds + 30)],
    ['Unix milliseconds', 'unix-ms', String(nowMs + 30_000)],
    ['seconds from now', 'seconds', '30'],
    ['milliseconds from now', 'ms', '30000'],
    ['an HTTP date', 'date', 'Thu, 01 Jan 2026 00:00:30 GMT'],
    ['an ISO date', 'date', '2026-01-01T00:00:30Z'],
  ] as const)('reads a reset in %s', (_name, resetUnit, value) => {
    const headers = { 'x-limit': '100', 'x-left': '7', 'x-reset': value };
    const facts = readRateHeaders(retrySchema.parse({ ...declared, resetUnit }), { headers, nowMs });
    expect(facts).toEqual({ limit: 100, remaining: 7, resetAtMs: nowMs + 30_000 });
  });

  it.each(['unix-seconds', 'unix-ms', 'date'] as const)('reads a reset in %s by the clock of the provider', (unit) => {
    const reset = { 'unix-seconds': seconds + 90, 'unix-ms': nowMs + 90_000, date: '2026-01-01T00:01:30Z' }[unit];
    const headers = { 'x-left': '0', 'x-reset': String(reset), date: 'Thu, 01 Jan 2026 00:01:00 GMT' };
    const facts = readRateHeaders(retrySchema.parse({ ...declared, resetUnit: unit }), { headers, nowMs });
    expect(facts).toEqual({ remaining: 0, resetAtMs: nowMs + 30_000 });
  });

  it.each([
    [{ ratelimit: '"default";r=50;t=30', 'ratelimit-policy': '"default";q=100;w=60' }, 100, 50, 30_000],
    [
      {
        ratelimit: '"day";r=900;t=7200, "burst";r=3;t=2',
        'ratelimit-policy': '"burst";q=10;w=5,"day";q=1000;w=86400',
      },
      10,
      3,
      2_000,
    ],
    [{ ratelimit: 'limit=100, remaining=40, reset=20' }, 100, 40, 20_000],
    [{ 'ratelimit-limit': '100, 100;w=60', 'ratelimit-remaining': '9', 'ratelimit-reset': '12' }, 100, 9, 12_000],
  ])('reads the fields of the IETF draft: %o', (headers, limit, remaining, resetInMs) => {
    expect(readRateHeaders(retrySchema.parse({}), { headers: headers as Record<string, string>, nowMs })).toEqual({
      limit,
      remaining,
      resetAtMs: nowMs + resetInMs,
    });
  });

  it('leaves the draft alone where the provider says what its headers are', () => {
    const headers = { 'ratelimit-remaining': '0', 'ratelimit-reset': '5', 'x-left': '3' };
    const facts = readRateHeaders(retrySchema.parse({ remainingHeader: 'x-left' }), { headers, nowMs });
    expect(facts).toEqual({ remaining: 3 });
  });

  it.each([
    ['7', 7_000],
    ['0.2', 200],
    ['Thu, 01 Jan 2026 00:00:09 GMT', 9_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
  ])('reads Retry-After: %s', (value, retryAfterMs) => {
    expect(readRateHeaders(retrySchema.parse({}), { headers: { 'retry-after': value }, nowMs })).toEqual({
      retryAfterMs,
    });
  });

  it.each(['', 'soon', '-1', 'NaN', '1e9', '0x10', 'Infinity'])('reads no number from "%s"', (value) => {
    const headers = { 'x-limit': value, 'x-left': value, 'x-reset': value, 'ratelimit-reset': value };
    expect(readRateHeaders(retrySchema.parse(declared), { headers, nowMs })).toEqual({});
    expect(readRateHeaders(retrySchema.parse({}), { headers, nowMs })).toEqual({});
  });
});
