import { expect, it } from 'vitest';
import { retryDelayMs } from './retry-delay.ts';

const minuteMs = 60_000;

function delays(failure: Parameters<typeof retryDelayMs>[0], random: number): (number | undefined)[] {
  return [1, 2, 3, 4, 5, 6, 7].map((failures) => {
    const delayMs = retryDelayMs(failure, { failures, random: () => random });
    return delayMs === undefined ? undefined : delayMs / minuteMs;
  });
}

it('waits from a minute to an hour for a provider that is down', () => {
  expect(delays('provider_down', 0)).toEqual([1, 2, 4, 8, 16, 30, 30]);
  expect(delays('provider_down', 1)).toEqual([2, 4, 8, 16, 32, 60, 60]);
});

it('asks seldom about an app that is misconfigured', () => {
  expect(delays('misconfigured', 1)).toEqual([60, 120, 240, 360, 360, 360, 360]);
});

it('leaves what was revoked to the customer after five more tries', () => {
  expect(delays('revoked', 1)).toEqual([15, 60, 240, 960, 2_880, undefined, undefined]);
});
