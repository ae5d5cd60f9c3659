import type { RateLimit } from '../sandbox-options.ts';
import { ApiError } from './api-error.ts';

export interface RateLimiter {
  /** Undefined: no limit. Starts a new window. */
  set(limit: RateLimit | undefined): void;
  /**
   * Counts one call.
   * @returns the headers to answer with
   * @throws ApiError 429 with Retry-After when the window's calls are used up
   */
  count(caller: string): Record<string, string>;
}

/** Fixed windows a caller, as most public APIs have them. `x-ratelimit-reset` is Unix time in seconds. */
export function createRateLimiter(initial: RateLimit | undefined, now: () => number): RateLimiter {
  let rule = initial;
  const windows = new Map<string, { endsAt: number; used: number }>();
  return {
    set(limit) {
      rule = limit;
      windows.clear();
    },
    count(caller) {
      if (!rule) return {};
      let window = windows.get(caller);
      if (!window || window.endsAt <= now()) {
        window = { endsAt: now() + rule.windowSeconds * 1_000, used: 0 };
        windows.set(caller, window);
      }
      const refused = window.used >= rule.limit;
      if (!refused) window.used += 1;
      const headers = {
        'x-ratelimit-limit': String(rule.limit),
        'x-ratelimit-remaining': String(rule.limit - window.used),
        'x-ratelimit-reset': String(Math.ceil(window.endsAt / 1_000)),
      };
      if (!refused) return headers;
      const waitSeconds = Math.max(1, Math.ceil((window.endsAt - now()) / 1_000));
      throw new ApiError(429, 'rate_limited', `Only ${rule.limit} calls in ${rule.windowSeconds} seconds.`, {
        headers: { ...headers, 'retry-after': String(waitSeconds) },
      });
    },
  };
}
