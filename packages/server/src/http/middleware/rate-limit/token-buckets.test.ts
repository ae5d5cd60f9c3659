import { expect, it } from 'vitest';
import { createTokenBuckets } from './token-buckets.ts';

it('gives a burst, then as many as come back', () => {
  let ms = 0;
  const buckets = createTokenBuckets({ perSecond: 2, burst: 3, now: () => ms });
  expect([1, 2, 3, 4].map(() => buckets.take('a').allowed)).toEqual([true, true, true, false]);
  expect(buckets.take('a')).toEqual({ allowed: false, remaining: 0, retryAfterMs: 500 });
  expect(buckets.take('b')).toEqual({ allowed: true, remaining: 2, retryAfterMs: 0 });
  ms = 500;
  expect(buckets.look('a')).toEqual({ allowed: true, remaining: 1, retryAfterMs: 0 });
  expect(buckets.take('a').allowed).toBe(true);
  expect(buckets.take('a').allowed).toBe(false);
  ms = 1_000_000;
  expect(buckets.take('a').remaining).toBe(2);
});

it('survives a clock that goes back', () => {
  let ms = 10_000;
  const buckets = createTokenBuckets({ perSecond: 1, burst: 1, now: () => ms });
  buckets.take('a');
  ms = 0;
  expect(buckets.take('a')).toMatchObject({ allowed: false, remaining: 0 });
});

it('forgets whoever was longest away when there are too many', () => {
  const buckets = createTokenBuckets({ perSecond: 1, burst: 1, now: () => 0 });
  buckets.take('first');
  for (let n = 0; n < 9_999; n += 1) buckets.take(`name ${n}`);
  expect(buckets.take('first').allowed).toBe(false);
  buckets.take('one more');
  expect(buckets.take('name 0').allowed).toBe(true);
  expect(buckets.take('first').allowed).toBe(false);
});
