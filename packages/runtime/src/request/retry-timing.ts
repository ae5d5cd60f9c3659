import type { Provider } from '../provider/provider-schema.ts';
import { readRateHeaders } from './rate-headers.ts';

/** Why an attempt failed. */
export type AttemptFailure =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly rateLimited: boolean;
    }
  /** `sent`: the provider may have seen the request. `permanent`: repeating cannot help (a bad certificate). */
  | { readonly kind: 'network'; readonly sent: boolean; readonly permanent: boolean }
  | { readonly kind: 'timeout' };

export interface RetryQuestion {
  readonly policy: Provider['retry'];
  readonly failure: AttemptFailure;
  readonly method: string;
  /** What the script said about repeating; undefined: by method. */
  readonly mayRepeat?: boolean | undefined;
  /** 1 for the first. */
  readonly attempt: number;
  readonly nowMs: number;
  /** 0 <= random < 1, for the jitter. */
  readonly random: number;
  /** The longest single wait, in milliseconds. */
  readonly maxWaitMs: number;
  /** Unix time in milliseconds when the run must have ended. */
  readonly deadlineAtMs?: number | undefined;
}

export type RetryDecision =
  | { readonly retry: true; readonly waitMs: number }
  /** `askedWaitMs`: how long the provider asked to wait, where it did. */
  | { readonly retry: false; readonly askedWaitMs?: number };

const firstBackoffMs = 500;
const longestBackoffMs = 30_000;

/** RFC 9110 section 9.2.2: repeating these has no further effect. */
const idempotentMethods = new Set(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']);

function readAskedWait({ policy, failure, nowMs }: RetryQuestion): number | undefined {
  if (failure.kind !== 'status') return undefined;
  const { retryAfterMs, remaining, resetAtMs } = readRateHeaders(policy, { headers: failure.headers, nowMs });
  if (retryAfterMs !== undefined) return retryAfterMs;
  if (!failure.rateLimited || resetAtMs === undefined) return undefined;
  // Calls are left: the refusal was for another limit than the one that this header tells about.
  if (remaining !== undefined && remaining > 0) return undefined;
  return Math.max(0, resetAtMs - nowMs);
}

function isRepeatable({ policy, failure, method, mayRepeat }: RetryQuestion): boolean {
  if (mayRepeat === false) return false;
  if (failure.kind === 'network' && failure.permanent) return false;
  if (failure.kind === 'status' && !failure.rateLimited && !policy.statuses.includes(failure.status)) return false;
  if (mayRepeat === true || idempotentMethods.has(method)) return true;
  return failure.kind === 'status' ? failure.rateLimited : failure.kind === 'network' && !failure.sent;
}

/**
 * Says whether to repeat a failed attempt and how long to wait before: as long as the provider asks, otherwise
 * exponentially longer with full jitter, so that many runs that failed together do not come back together.
 */
export function decideRetry(question: RetryQuestion): RetryDecision {
  const askedWaitMs = readAskedWait(question);
  const stop: RetryDecision = askedWaitMs === undefined ? { retry: false } : { retry: false, askedWaitMs };
  if (!isRepeatable(question) || question.attempt >= question.policy.maxAttempts) return stop;
  const backoffMs = Math.min(longestBackoffMs, firstBackoffMs * 2 ** (question.attempt - 1));
  const waitMs = askedWaitMs ?? Math.round(question.random * backoffMs);
  const leftMs = question.deadlineAtMs === undefined ? Infinity : question.deadlineAtMs - question.nowMs;
  if (waitMs > question.maxWaitMs || waitMs >= leftMs) return stop;
  return { retry: true, waitMs };
}

/** Whether an answer means "too many calls". 403 also means "forbidden", so it needs the headers' word for it. */
export function isRateLimited(
  policy: Provider['retry'],
  status: number,
  headers: Readonly<Record<string, string>>,
): boolean {
  if (!policy.rateLimitStatuses.includes(status)) return false;
  if (status !== 403) return true;
  if (policy.remainingHeader !== undefined && headers[policy.remainingHeader]?.trim() === '0') return true;
  return policy.waitHeaders.some((name) => headers[name] !== undefined);
}
