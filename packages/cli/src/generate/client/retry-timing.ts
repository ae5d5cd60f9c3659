/** The longest wait that a call takes upon itself; a server that asks for more gets its refusal thrown instead. */
const longestWaitMs = 60_000;

const repeatableStatuses: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Refusals given before any work began. An action's own 429 (its provider's limit) is not among them. */
const refusedBeforeWork: ReadonlySet<string> = new Set(['rate_limited', 'unavailable', 'worker_unavailable']);

export interface RefusedCall {
  readonly method: string;
  readonly status: number;
  readonly code: string;
  /** How often the call was tried so far, from 1. */
  readonly attempt: number;
  /** The `Retry-After` header: seconds or an HTTP date (RFC 9110, section 10.2.3). */
  readonly retryAfter: string | null;
}

/**
 * How long to wait before a refused call is made again.
 * @returns milliseconds, or undefined when it must not be repeated
 */
export function retryDelayMs(call: RefusedCall): number | undefined {
  const noAnswer = call.status === 0;
  const repeatable =
    call.method === 'GET'
      ? noAnswer || repeatableStatuses.has(call.status)
      : refusedBeforeWork.has(call.code) && repeatableStatuses.has(call.status);
  if (!repeatable) return undefined;
  const asked = call.retryAfter === null ? undefined : readRetryAfterMs(call.retryAfter);
  if (asked !== undefined) return asked > longestWaitMs ? undefined : asked;
  const ceilingMs = Math.min(8_000, 200 * 2 ** call.attempt);
  return ceilingMs / 2 + Math.random() * (ceilingMs / 2);
}

function readRetryAfterMs(text: string): number | undefined {
  const seconds = Number(text);
  if (text.trim() !== '' && Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}
