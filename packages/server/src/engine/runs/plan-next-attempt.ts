import type { RetryPolicy, RunError } from '@tenon/runtime/contract';
import type { ErrorCode } from '@tenon/runtime/errors';
import type { RunEnding } from './run-ending.ts';

/** When and why a run is tried again. */
export interface NextAttempt {
  readonly waitsFor: 'retry' | 'rate_limit';
  readonly notBefore: Date;
}

/** A provider that asks to wait for longer is not waited for: the run ends as rate_limited. */
const longestAskedWaitMs = 24 * 3_600_000;

/**
 * What may pass by itself, by the code that a run failed with. All other codes say the same thing the next time: of the
 * script, its data, its settings or its credentials. A script that took too long or too much memory would again, and a
 * lost process has attempts of its own.
 */
const passing: Partial<Record<ErrorCode, (error: RunError) => boolean>> = {
  provider_unreachable: () => true,
  provider_timeout: () => true,
  provider_error: ({ details }) => typeof details?.['status'] === 'number' && details['status'] >= 500,
  database_unreachable: () => true,
  worker_unavailable: () => true,
};

/**
 * Whether a sync's run goes on later. What a provider asks to be waited for costs no attempt of the policy; other
 * failures that may pass are tried again after a pause with full jitter, doubled each time, up to the policy's attempts.
 * @param options.retries attempts of the policy that were used before
 * @param options.random 0 <= random < 1
 * @returns undefined: the run ends
 */
export function planNextAttempt(
  ending: Exclude<RunEnding, { status: 'succeeded' }>,
  options: { policy: RetryPolicy; retries: number; nowMs: number; random: number },
): NextAttempt | undefined {
  const { policy, retries, nowMs, random } = options;
  if (ending.status === 'rate_limited') {
    const waitMs = readAskedWait(ending.error);
    if (waitMs === undefined || waitMs > longestAskedWaitMs) return undefined;
    return { waitsFor: 'rate_limit', notBefore: new Date(nowMs + waitMs) };
  }
  if (ending.status !== 'failed' || !mayPass(ending.error) || retries + 1 >= policy.attempts) return undefined;
  const pauseMs = Math.min(policy.maxBackoffMs, policy.backoffMs * 2 ** retries);
  return { waitsFor: 'retry', notBefore: new Date(nowMs + Math.round(random * pauseMs)) };
}

export function mayPass(error: RunError): boolean {
  const judge = Object.hasOwn(passing, error.code) ? passing[error.code as ErrorCode] : undefined;
  return judge?.(error) ?? false;
}

/** Comes from the script's process, which is not trusted: at least a second, so that no run comes back in a circle. */
function readAskedWait({ details }: RunError): number | undefined {
  const asked = details?.['retryAfterMs'];
  return typeof asked === 'number' && Number.isFinite(asked) ? Math.max(asked, 1_000) : undefined;
}
