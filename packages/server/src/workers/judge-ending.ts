import { isErrorCode } from '@tenon/runtime/errors';
import type { RunError } from '@tenon/runtime/contract';
import type { RunOutcome } from './run-request.ts';
import type { WorkerExit } from './worker-process.ts';

/** Why the server itself ended a worker. */
export type KillReason = 'memory' | 'deadline' | 'cancel';

export type FailedOutcome = Exclude<RunOutcome, { status: 'succeeded' }>;

/** The outcome of a run whose script reported an error. */
export function judgeError(error: RunError, isCancelled: boolean): FailedOutcome {
  if (isCancelled) return { status: 'cancelled', error: cancelledError };
  switch (error.code) {
    case 'provider_unauthorized':
      return { status: 'auth_failed', error };
    case 'provider_rate_limited':
      return { status: 'rate_limited', error };
    case 'script_timed_out':
      return { status: 'timed_out', error };
    default:
      // Codes come from a process that is not trusted.
      return { status: 'failed', error: isErrorCode(error.code) ? error : { ...error, code: 'script_failed' } };
  }
}

/** What V8 prints before it gives up; the process then ends by SIGABRT or SIGTRAP. */
const heapExhausted = /heap out of memory|allocation failed|Reached heap limit|Committing semi space failed/i;

/** The outcome of a run whose process is gone. */
export function judgeExit(exit: WorkerExit, killedFor: KillReason | undefined, limitMb: number): FailedOutcome {
  if (killedFor === 'cancel') return { status: 'cancelled', error: cancelledError };
  if (killedFor === 'deadline') return { status: 'timed_out', error: unresponsiveError };
  if (killedFor === 'memory' || (exit.code !== 0 && heapExhausted.test(exit.errorOutput))) {
    return { status: 'failed', error: outOfMemoryError(limitMb) };
  }
  if (killedFor === undefined && exit.code !== null) return { status: 'failed', error: exitedError(exit.code) };
  return { status: 'lost', error: lostError(String(exit.signal)) };
}

const cancelledError: RunError = { code: 'run_cancelled', message: 'The run was cancelled.' };

const unresponsiveError: RunError = {
  code: 'script_unresponsive',
  message: 'The script passed its deadline and did not answer, so its process was ended.',
  hint: 'Look for a loop without an await, or for work that takes very long in one go.',
};

function outOfMemoryError(limitMb: number): RunError {
  return {
    code: 'script_out_of_memory',
    message: `The script used more memory than the ${limitMb} MB that a run may.`,
    hint: 'Save records page by page instead of gathering them first, and read large answers in parts.',
    details: { limitMb },
  };
}

function exitedError(code: number): RunError {
  return {
    code: 'script_exited',
    message: `The script ended its process with code ${code}.`,
    hint: 'Do not call process.exit(); throw an Error to fail the run, or return to end it.',
    details: { exitCode: code },
  };
}

function lostError(why: string): RunError {
  return {
    code: 'run_lost',
    message: `The process that executed the run disappeared (${why}).`,
    hint: 'The run may be tried again; committed pages are kept.',
  };
}
