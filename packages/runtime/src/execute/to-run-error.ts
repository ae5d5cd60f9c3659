import { inspect } from 'node:util';
import type { RunError } from '../contract/api/runs.ts';
import { TenonError } from '../errors/tenon-error.ts';

const maxMessageLength = 4_000;

/**
 * An error as a run keeps it. What is not a TenonError is the script's own: `script_failed`.
 * @param mapStack gives the script's own frames, mapped to its source; without it there is no stack
 */
export function toRunError(
  error: unknown,
  mapStack: (stack: string) => string | undefined = () => undefined,
): RunError {
  if (!(error instanceof Error)) {
    const shown = inspect(error, { depth: 2, breakLength: 120 }).slice(0, maxMessageLength);
    return {
      code: 'script_failed',
      message: `The script threw a value that is not an Error: ${shown}`,
      hint: 'Throw an Error, so that the run can say where it came from.',
    };
  }
  const stack = typeof error.stack === 'string' ? mapStack(error.stack) : undefined;
  const where = stack === undefined || stack === '' ? {} : { stack };
  if (error instanceof TenonError) {
    return {
      code: error.code,
      message: error.message.slice(0, maxMessageLength),
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      ...(error.details === undefined ? {} : { details: error.details }),
      ...where,
    };
  }
  const name = typeof error.name === 'string' && error.name !== 'Error' ? `${error.name}: ` : '';
  // fetch says only "fetch failed"; why is in its cause.
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return {
    code: 'script_failed',
    message: `${name}${error.message}${cause}`.slice(0, maxMessageLength),
    hint: 'The script itself threw this. The logs of the run show what it did before.',
    ...where,
  };
}
