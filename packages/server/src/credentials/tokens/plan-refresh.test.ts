import { describe, expect, it } from 'vitest';
import { providerSchema, type Credentials, type Provider } from '@tenon/runtime/provider';
import { planRefresh } from './plan-refresh.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const obtainedAtMs = Date.parse('2026-05-01T00:00:00Z');
const credentials: Credentials = { mode: 'oauth2' };

function providerWith(refreshToken: Record<string, unknown>): Provider {
  return providerSchema.parse({
    name: 'acme',
    displayName: 'Acme',
    docs: 'https://acme.example',
    sources: ['https://acme.example'],
    auth: { mode: 'oauth2', authorizationUrl: 'https://a.example/a', tokenUrl: 'https://a.example/t', refreshToken },
    baseUrl: 'https://api.acme.example',
  });
}

function plan(
  refreshToken: Record<string, unknown>,
  token: { expiresInMs?: number; refreshExpiresInMs?: number; refreshToken?: false },
) {
  const { refreshAt, expiry } = planRefresh(providerWith(refreshToken), {
    credentials,
    token: {
      accessToken: 'a',
      obtainedAtMs,
      ...(token.refreshToken === false ? {} : { refreshToken: 'r' }),
      ...(token.expiresInMs === undefined ? {} : { expiresAtMs: obtainedAtMs + token.expiresInMs }),
      ...(token.refreshExpiresInMs === undefined
        ? {}
        : { refreshExpiresAtMs: obtainedAtMs + token.refreshExpiresInMs }),
    },
    random: () => 0,
  });
  const endsInMs = expiry === null ? null : Date.parse(expiry.at) - obtainedAtMs;
  const refreshInMs = refreshAt === null ? null : refreshAt.getTime() - obtainedAtMs;
  return { refreshInMs, expiry: expiry && [endsInMs, expiry.cause, expiry.unless] };
}

describe('planRefresh', () => {
  it.each([
    {
      what: 'a token of an hour, daily',
      use: {},
      token: { expiresInMs: hourMs },
      refreshInMs: dayMs,
      expiry: null,
    },
    {
      what: 'a token of thirty days, before it ends',
      use: {},
      token: { expiresInMs: 30 * dayMs },
      refreshInMs: 30 * dayMs - 120_000,
      expiry: null,
    },
    {
      what: 'a token that does not end, never',
      use: {},
      token: {},
      refreshInMs: null,
      expiry: null,
    },
    {
      what: 'a refresh token that may not lie idle, at half of that time',
      use: { idleSeconds: 7 * 86_400 },
      token: {},
      refreshInMs: 3.5 * dayMs,
      expiry: [7 * dayMs, 'refresh_token_idle', 'refreshed'],
    },
    {
      what: 'one whose stated end is its idle time, with the idle time as the cause',
      use: { idleSeconds: 7 * 86_400 },
      token: { refreshExpiresInMs: 7 * dayMs - 40 },
      refreshInMs: 3.5 * dayMs,
      expiry: [7 * dayMs, 'refresh_token_idle', 'refreshed'],
    },
    {
      what: 'a rotating refresh token, at half of its life',
      use: { use: 'rotating' },
      token: { refreshExpiresInMs: 12 * hourMs },
      refreshInMs: 6 * hourMs,
      expiry: [12 * hourMs, 'refresh_token', 'refreshed'],
    },
    {
      what: 'a refresh token with a fixed end, daily, and says that only the customer can help',
      use: {},
      token: { expiresInMs: hourMs, refreshExpiresInMs: 6 * dayMs },
      refreshInMs: dayMs,
      expiry: [6 * dayMs, 'refresh_token', 'reconnected'],
    },
    {
      what: 'an access token without a refresh token, by looking when it ends',
      use: {},
      token: { expiresInMs: 5 * dayMs, refreshToken: false as const },
      refreshInMs: 5 * dayMs,
      expiry: [5 * dayMs, 'access_token', 'reconnected'],
    },
    {
      what: 'what ends at once, not in a loop',
      use: { use: 'rotating' },
      token: { refreshExpiresInMs: -hourMs },
      refreshInMs: 60_000,
      expiry: [-hourMs, 'refresh_token', 'refreshed'],
    },
  ])('plans $what', ({ use, token, refreshInMs, expiry }) => {
    expect(plan(use, token)).toEqual({ refreshInMs, expiry });
  });

  it('spreads what was made together', () => {
    const provider = providerWith({});
    const token = { accessToken: 'a', refreshToken: 'r', obtainedAtMs, expiresAtMs: obtainedAtMs + hourMs };
    const times = [0, 0.5, 1].map((share) =>
      planRefresh(provider, { credentials, token, random: () => share }).refreshAt?.getTime(),
    );
    expect(times).toEqual([1, 0.95, 0.9].map((share) => obtainedAtMs + share * dayMs));
  });
});
