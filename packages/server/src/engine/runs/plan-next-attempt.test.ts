import { expect, test } from 'vitest';
import { errorRegistry } from '@tenon/runtime/errors';
import { mayPass, planNextAttempt } from './plan-next-attempt.ts';

const policy = { attempts: 4, backoffMs: 1_000, maxBackoffMs: 3_000 };
const error = { code: 'provider_unreachable', message: 'No answer.' };
const plan = (retries: number, random: number) =>
  planNextAttempt({ status: 'failed', error }, { policy, retries, nowMs: 0, random })?.notBefore.getTime();

test('pauses double up to the longest, with full jitter', () => {
  expect([0, 1, 2].map((retries) => plan(retries, 0.5))).toEqual([500, 1_000, 1_500]);
  expect(plan(0, 0)).toBe(0);
});

test('the attempts of the policy include the first one', () => {
  expect(plan(3, 0.5)).toBeUndefined();
});

test('only what may pass by itself is tried again', () => {
  const passing = Object.keys(errorRegistry).filter((code) => mayPass({ code, message: '', details: { status: 503 } }));
  expect(passing.toSorted()).toEqual([
    'database_unreachable',
    'provider_error',
    'provider_timeout',
    'provider_unreachable',
    'worker_unavailable',
  ]);
});

test.each([400, 404, 422, undefined])('a provider that answers %s is not asked again', (status) => {
  expect(mayPass({ code: 'provider_error', message: '', details: { status } })).toBe(false);
});

test('a wait that a script made up is at least a second', () => {
  const limited = { code: 'provider_rate_limited', message: '', details: { retryAfterMs: -5 } };
  const next = planNextAttempt({ status: 'rate_limited', error: limited }, { policy, retries: 9, nowMs: 0, random: 0 });
  expect(next).toEqual({ waitsFor: 'rate_limit', notBefore: new Date(1_000) });
});
