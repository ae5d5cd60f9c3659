import { errorRegistry, TenonError, type ErrorCode } from '@tenon/runtime/errors';
import { exitCodes } from '@tenon/runtime/errors';
import { isServerAway } from '../api-client/is-server-away.ts';

/** What the dev loop does about an error: wait for the next save, try again soon, or end. */
export type ErrorReaction = 'wait' | 'retry' | 'stop';

const passing: ReadonlySet<ErrorCode> = new Set(['plan_stale', 'rate_limited']);

/** An error of the user's project is theirs to mend; one of the way to the server passes; a refused key does not. */
export function reactToError(error: unknown): ErrorReaction {
  // A file that went, or cannot be read, while it was looked at: the next save finds it, or its absence.
  if (isSystemError(error)) return 'wait';
  if (!(error instanceof TenonError)) return 'stop';
  if (passing.has(error.code) || isServerAway(error)) return 'retry';
  return errorRegistry[error.code].exitCode === exitCodes.auth ? 'stop' : 'wait';
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && 'path' in error;
}
