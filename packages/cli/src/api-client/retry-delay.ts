import type { ErrorCode, TenonError } from '@tenon/runtime/errors';

/** What passes by itself: the others would only fail again. */
const passing: ReadonlySet<ErrorCode> = new Set([
  'server_connection_lost',
  'server_timeout',
  'server_gateway_failed',
  'server_answer_truncated',
  'unavailable',
  'rate_limited',
]);

export const mostAttempts = 3;
/** A server that asks for more patience than this is told about instead of waited for. */
const longestAskedMs = 30_000;

/**
 * How long to wait before a call that may be repeated is made again: what the server asked for with Retry-After, or
 * a growing time of which chance takes up to a half away, so that many clients do not come back at once.
 * @param attempt the one that failed, from 1
 * @returns milliseconds; undefined: it is not tried again
 */
export function retryDelay(
  error: TenonError,
  { attempt, firstMs, random }: { attempt: number; firstMs: number; random: () => number },
): number | undefined {
  const isPassing = passing.has(error.code) || error.details?.['reason'] === 'EAI_AGAIN';
  if (!isPassing || attempt >= mostAttempts) return undefined;
  const grown = firstMs * 4 ** (attempt - 1) * (1 - random() / 2);
  const asked = error.details?.['retryAfterSeconds'];
  if (typeof asked !== 'number') return grown;
  const askedMs = asked * 1_000;
  // Never earlier than asked; a little later, for the same reason.
  return askedMs > longestAskedMs ? undefined : askedMs + grown / 4;
}
