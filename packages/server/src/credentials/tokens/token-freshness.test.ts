import { describe, expect, it } from 'vitest';
import { isFresh } from './token-freshness.ts';

describe('isFresh', () => {
  it.each([
    { lifetimeMs: 3_600_000, freshUntilMs: 3_540_000, what: '60 s before a long life ends' },
    { lifetimeMs: 300_000, freshUntilMs: 270_000, what: 'a tenth before a short life ends' },
    { lifetimeMs: 5_000, freshUntilMs: 4_500, what: 'half a second before five seconds end' },
  ])('renews $what', ({ lifetimeMs, freshUntilMs }) => {
    const token = { accessToken: 'a', expiresAtMs: 1_000_000 + lifetimeMs, obtainedAtMs: 1_000_000 };
    expect(isFresh(token, 1_000_000 + freshUntilMs - 1)).toBe(true);
    expect(isFresh(token, 1_000_000 + freshUntilMs)).toBe(false);
  });

  it('keeps a token without an expiry until the provider refuses it', () => {
    expect(isFresh({ accessToken: 'a', obtainedAtMs: 0 }, Number.MAX_SAFE_INTEGER)).toBe(true);
  });

  it('never hands out a token that had expired when it came', () => {
    expect(isFresh({ accessToken: 'a', expiresAtMs: 500, obtainedAtMs: 1_000 }, 1_000)).toBe(false);
  });
});
