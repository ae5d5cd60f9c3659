import type { FastifyInstance, FastifyRequest } from 'fastify';
import { TenonError } from '@tenon/runtime/errors';

export interface RateLimit {
  readonly requests: number;
  readonly windowMs: number;
  /** Who is counted; absent: the address that the request comes from. */
  readonly by?: (request: FastifyRequest) => string;
}

/**
 * Counts requests in the memory of this process: a guard against floods and against trying keys, not an account of use.
 * @returns a hook that refuses with `rate_limited` and says when to come back
 */
export function limitRate(app: FastifyInstance, { requests, windowMs, by }: RateLimit) {
  const count = app.createRateLimit({ max: requests, timeWindow: windowMs, ...(by && { keyGenerator: by }) });
  return async function refuseFlood(request: FastifyRequest): Promise<void> {
    const counted = await count(request);
    if (counted.isAllowed || !counted.isExceeded) return;
    throw new TenonError('rate_limited', `There were more than ${requests} requests in ${windowMs / 1_000} s.`, {
      hint: `Try again in ${counted.ttlInSeconds} s.`,
      details: { retryAfterSeconds: counted.ttlInSeconds },
    });
  };
}
