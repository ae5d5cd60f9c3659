import type { FailureClass } from './classify-failure.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/**
 * Providers were seen to answer invalid_grant while they had an outage of their own, so a connection that counts as
 * revoked is tried a few times more before only the customer can bring it back.
 */
const revokedDelaysMs = [15 * minuteMs, hourMs, 4 * hourMs, 16 * hourMs, 48 * hourMs];

/**
 * How long until a failed renewal is tried again in the background, in milliseconds; undefined: never.
 * @param failures in a row, with this one
 */
export function retryDelayMs(
  failure: FailureClass,
  { failures, random = Math.random }: { failures: number; random?: () => number },
): number | undefined {
  const base = baseDelayMs(failure, failures);
  // Between half and all of it: what failed together does not come back together.
  return base === undefined ? undefined : base * (0.5 + 0.5 * random());
}

function baseDelayMs(failure: FailureClass, failures: number): number | undefined {
  const earlier = Math.max(0, failures - 1);
  switch (failure) {
    case 'provider_down':
      return Math.min(2 * minuteMs * 2 ** Math.min(earlier, 10), hourMs);
    case 'misconfigured':
      return Math.min(hourMs * 2 ** Math.min(earlier, 10), 6 * hourMs);
    case 'revoked':
      return revokedDelaysMs[earlier];
  }
}
