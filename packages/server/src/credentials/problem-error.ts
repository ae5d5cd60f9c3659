import type { ConnectionProblem } from '@tenon/runtime/contract';
import { isErrorCode, TenonError } from '@tenon/runtime/errors';

/** What using a connection with a known problem fails with. */
export function toProblemError({
  code,
  message,
  hint,
}: Pick<ConnectionProblem, 'code' | 'message' | 'hint'>): TenonError {
  return new TenonError(isErrorCode(code) ? code : 'provider_error', message, hint === null ? {} : { hint });
}
