export interface TakenToken {
  readonly allowed: boolean;
  /** Whole tokens that are left. */
  readonly remaining: number;
  /** Until the next one, in milliseconds; 0 while there are some. */
  readonly retryAfterMs: number;
}

export interface TokenBuckets {
  take(name: string): TakenToken;
  /** As `take`, but leaves the token there. */
  look(name: string): TakenToken;
}

/** Beyond this many, the bucket that was used longest ago is forgotten: whoever comes with many names gains a burst, the memory nothing. */
const mostBuckets = 10_000;

/**
 * A bucket of tokens for each name, filled steadily.
 * @param options.perSecond how many come back in a second
 * @param options.burst how many there are at most, and at first
 * @param options.now milliseconds
 */
export function createTokenBuckets(options: { perSecond: number; burst: number; now: () => number }): TokenBuckets {
  const { perSecond, burst, now } = options;
  const buckets = new Map<string, { tokens: number; atMs: number }>();

  function use(name: string, cost: 0 | 1): TakenToken {
    const atMs = now();
    const known = buckets.get(name);
    const idleMs = known ? Math.max(0, atMs - known.atMs) : 0;
    const tokens = known ? Math.min(burst, known.tokens + (idleMs / 1_000) * perSecond) : burst;
    const allowed = tokens >= 1;
    const left = allowed ? tokens - cost : tokens;
    if (cost === 1) remember(name, { tokens: left, atMs });
    const retryAfterMs = left >= 1 ? 0 : Math.ceil(((1 - left) / perSecond) * 1_000);
    return { allowed, remaining: Math.floor(left), retryAfterMs };
  }

  function remember(name: string, bucket: { tokens: number; atMs: number }): void {
    // Put at the end again, so that the first is the one that was used longest ago.
    buckets.delete(name);
    buckets.set(name, bucket);
    const oldest = buckets.keys().next();
    if (buckets.size > mostBuckets && !oldest.done) buckets.delete(oldest.value);
  }

  return { take: (name) => use(name, 1), look: (name) => use(name, 0) };
}
