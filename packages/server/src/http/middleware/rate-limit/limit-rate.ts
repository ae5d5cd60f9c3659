import type { FastifyRequest } from 'fastify';
import { TenonError } from '@tenon/runtime/errors';
import { clientNetwork } from './client-network.ts';
import { createTokenBuckets } from './token-buckets.ts';

export interface RateLimit {
  /** At once; they come back steadily over the window. */
  readonly requests: number;
  readonly windowMs: number;
  /** Who is counted; absent: the network that the request comes from. */
  readonly by?: (request: FastifyRequest) => string;
  /** Unix time in milliseconds. */
  readonly now: () => number;
}

/**
 * Counts requests in the memory of this process: a guard against floods and against trying keys, not an account of use.
 * @returns a hook that refuses with `rate_limited` and says when to come back
 */
export function limitRate({ requests, windowMs, by, now }: RateLimit) {
  const buckets = createTokenBuckets({ perSecond: (requests / windowMs) * 1_000, burst: requests, now });
  return async function refuseFlood(request: FastifyRequest): Promise<void> {
    const { allowed, retryAfterMs } = buckets.take(by ? by(request) : clientNetwork(request.ip));
    if (allowed) return;
    const retryAfterSeconds = Math.max(1, Math.ceil(retryAfterMs / 1_000));
    throw new TenonError('rate_limited', `There were more than ${requests} requests in ${windowMs / 1_000} s.`, {
      hint: `Try again in ${retryAfterSeconds} s.`,
      details: { retryAfterSeconds },
    });
  };
}
