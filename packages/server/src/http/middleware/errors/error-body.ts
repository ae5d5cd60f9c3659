import type { ErrorBody } from '@tenon/runtime/contract';
import type { TenonError } from '@tenon/runtime/errors';

/** An error as the API shows it: never its stack, never its cause. */
export function toErrorBody(error: TenonError, requestId: string): ErrorBody {
  const { code, message, hint, details } = error;
  return {
    error: { code, message, ...(hint === undefined ? {} : { hint }), ...(details && { details }), requestId },
  };
}
