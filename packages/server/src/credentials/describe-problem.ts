import type { ConnectionProblem } from '@tenon/runtime/contract';
import type { TenonError } from '@tenon/runtime/errors';
import type { ProblemRow } from './storage/lock-problem.ts';
import type { FailureClass } from './tokens/classify-failure.ts';
import { retryDelayMs } from './tokens/retry-delay.ts';

/**
 * What is wrong, as it is kept and shown.
 * @param options.before what is known already: the same problem again goes on counting
 * @param options.isFinal trying again would change nothing
 */
export function describeProblem(
  error: TenonError,
  {
    failure,
    before,
    at,
    isFinal = false,
  }: { failure: FailureClass; before: Pick<ProblemRow, 'problem' | 'state'>; at: Date; isFinal?: boolean },
): ConnectionProblem {
  const same = before.problem?.class === failure ? before.problem : undefined;
  const failures = (same?.failures ?? 0) + 1;
  const delayMs = isFinal ? undefined : retryDelayMs(failure, { failures });
  const retryAt = delayMs === undefined ? null : new Date(at.getTime() + delayMs).toISOString();
  // What was revoked stays so while the provider is down: the customer is still the one who can help.
  if (before.state === 'auth_failed' && before.problem && !same) return { ...before.problem, retryAt };
  return {
    class: failure,
    code: error.code,
    message: error.message,
    hint: error.hint ?? null,
    since: same?.since ?? at.toISOString(),
    failures,
    retryAt,
  };
}
