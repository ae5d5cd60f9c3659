import type { ConnectionProblem } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';

/** After these nobody knows whether the provider made a new token. */
const withoutAnswer = new Set(['provider_timeout', 'provider_unreachable']);

/**
 * A refusal right after a renewal whose answer never arrived has a likely cause, which nobody could guess from it: the
 * provider had replaced the refresh token.
 * @param options.interruptedAt when a process began a renewal that it never ended
 * @param options.problem of the attempt before
 */
export function explainInterruption(
  error: unknown,
  { interruptedAt, problem }: { interruptedAt: Date | null; problem: ConnectionProblem | null },
): unknown {
  if (!(error instanceof TenonError) || error.code !== 'provider_unauthorized') return error;
  const since = problem && withoutAnswer.has(problem.code) ? problem.since : undefined;
  const at = interruptedAt?.toISOString() ?? since;
  if (at === undefined) return error;
  return new TenonError(
    error.code,
    `${error.message} A renewal that began at ${at} was interrupted before its answer was stored.`,
    {
      hint: 'The provider had probably replaced the refresh token then, so the customer has to connect again.',
      cause: error,
      ...(error.details ? { details: error.details } : {}),
    },
  );
}
