import { describe, expect, it } from 'vitest';
import { readMoment, readTokenExpiry } from './read-expiry.ts';

const nowMs = Date.UTC(2026, 0, 1);

describe('readMoment', () => {
  it.each([
    [60, 'seconds', nowMs + 60_000],
    ['60', 'seconds', nowMs + 60_000],
    [0.5, 'seconds', nowMs + 500],
    [60_000, 'milliseconds', nowMs + 60_000],
    [nowMs / 1_000 + 60, 'unix_seconds', nowMs + 60_000],
    [String(nowMs + 60_000), 'unix_milliseconds', nowMs + 60_000],
    ['2026-01-01T00:01:00Z', 'date', nowMs + 60_000],
    ['2026-01-01T01:01:00+01:00', 'date', nowMs + 60_000],
    ['2026-01-01T00:01:00', 'date', nowMs + 60_000],
    ['2026-01-01 00:01:00.000', 'date', nowMs + 60_000],
    ['Thu, 01 Jan 2026 00:01:00 GMT', 'date', nowMs + 60_000],
  ] as const)('reads %s as %s', (value, format, expected) => {
    expect(readMoment(value, format, nowMs)).toBe(expected);
  });

  it.each([
    ['', 'seconds'],
    [' ', 'seconds'],
    [null, 'seconds'],
    [true, 'seconds'],
    [{}, 'seconds'],
    [0, 'seconds'],
    [-1, 'seconds'],
    [Number.POSITIVE_INFINITY, 'seconds'],
    [1e18, 'seconds'],
    ['soon', 'seconds'],
    ['soon', 'date'],
    [60, 'date'],
    [nowMs - 1, 'unix_milliseconds'],
    ['2025-12-31T23:59:59Z', 'date'],
  ] as const)('does not take %s for %s', (value, format) => {
    expect(readMoment(value, format, nowMs)).toBeUndefined();
  });
});

describe('readTokenExpiry', () => {
  const jwt = (claims: unknown): string => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.sig`;
  const read = (token: string, said: unknown, defaultSeconds?: number): number | undefined =>
    readTokenExpiry(token, { said, format: 'seconds', defaultSeconds, nowMs });

  it('takes what the answer says over what the token says, and that over the default', () => {
    const token = jwt({ exp: nowMs / 1_000 + 20 });
    expect(read(token, 10, 30)).toBe(nowMs + 10_000);
    expect(read(token, undefined, 30)).toBe(nowMs + 20_000);
    expect(read('opaque', undefined, 30)).toBe(nowMs + 30_000);
    expect(read('opaque', undefined)).toBeUndefined();
  });

  it.each([
    ['past', jwt({ exp: nowMs / 1_000 - 20 })],
    ['no number', jwt({ exp: 'tomorrow' })],
    ['not there', jwt({})],
    ['of what is no JWT', 'a.b.c'],
  ])('passes over an exp that is %s', (_kind, token) => {
    expect(read(token, undefined, 30)).toBe(nowMs + 30_000);
  });
});
