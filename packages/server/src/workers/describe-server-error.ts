import type { RunError } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import { toRunError } from '@tenon/runtime/execute';
import { translateDatabaseError } from '../database/translate-database-error.ts';

/** An error that the server met on behalf of a run: never the script's fault, so never `script_failed`. */
export function describeServerError(thrown: unknown, doing: string): RunError {
  const error = translateDatabaseError(thrown);
  if (error instanceof TenonError) return toRunError(error);
  const why = error instanceof Error ? error.message : String(error);
  return {
    code: 'internal',
    message: `The server failed while ${doing}: ${why}`,
    hint: 'The log of the server has more. The run may be tried again.',
  };
}
