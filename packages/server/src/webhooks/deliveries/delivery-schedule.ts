const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** A receiver that needs longer should put the event into a queue of its own and answer. */
export const deliveryTimeoutMs = 15_000;

/** Waits after the first, second ... attempt: over two days in all, dense at first, as most receivers are soon back. */
const waitsMs = [
  5_000,
  30_000,
  2 * minuteMs,
  10 * minuteMs,
  30 * minuteMs,
  hourMs,
  2 * hourMs,
  4 * hourMs,
  8 * hourMs,
  12 * hourMs,
  24 * hourMs,
] as const;

/** A fifth more or less, so that what failed together does not come back together. */
const jitter = 0.2;

/** What a receiver's Retry-After may ask for. */
const longestAskedMs = hourMs;

/**
 * How long to wait after an attempt that failed, in milliseconds; undefined: it was the last one.
 * @param attempts made so far
 * @param options.random 0 <= n < 1
 * @param options.askedMs what the receiver asked for with Retry-After
 */
export function findDeliveryWait(
  attempts: number,
  { random, askedMs }: { random: number; askedMs?: number | undefined },
): number | undefined {
  const waitMs = waitsMs[attempts - 1];
  if (waitMs === undefined) return undefined;
  const jittered = Math.round(waitMs * (1 - jitter + random * 2 * jitter));
  return Math.max(jittered, Math.min(askedMs ?? 0, longestAskedMs));
}
