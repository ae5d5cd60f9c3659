import { isErrorCode, TenonError } from '@tenon/runtime/errors';
import type { RunError } from '@tenon/runtime/contract';
import { translateDatabaseError } from '../../database/translate-database-error.ts';
import type { RunOutcome } from '../../workers/run-request.ts';

export const lostRunError: RunError = {
  code: 'run_lost',
  message: 'The process that executed the run disappeared, as often as a run is tried again.',
  hint: "Look at the server's log for the reason, such as too little memory; then start the run again.",
};

export const heldRunError: RunError = {
  code: 'deletions_held',
  message: 'The run would have deleted more records than the sync allows without approval; they are kept until then.',
  hint: 'Look at them with `tenon records holds`, then approve or discard the hold.',
};

export const cancelledRunError: RunError = { code: 'run_cancelled', message: 'The run was cancelled.' };

/** How a run ends that could not be executed because of an error in this process. */
export function outcomeOfError(thrown: unknown): Exclude<RunOutcome, { status: 'succeeded' }> {
  const error = translateDatabaseError(thrown);
  if (!(error instanceof TenonError)) {
    return {
      status: 'failed',
      error: {
        code: 'internal',
        message: 'The server failed in a way that it did not foresee.',
        hint: "The server's log has the run's id and the cause.",
      },
    };
  }
  const { code, message, hint, details } = error;
  const runError: RunError = { code, message, ...(hint ? { hint } : {}), ...(details ? { details } : {}) };
  if (code === 'provider_unauthorized') return { status: 'auth_failed', error: runError };
  if (code === 'provider_rate_limited') return { status: 'rate_limited', error: runError };
  // Not the run's fault: it is tried again, like one whose process disappeared.
  if (code === 'database_unreachable') return { status: 'lost', error: runError };
  if (code === 'run_cancelled') return { status: 'cancelled', error: runError };
  return { status: 'failed', error: runError };
}

/** The error of a run, to be thrown at whoever waited for it. */
export function errorOfRun(runId: string, error: RunError): TenonError {
  return new TenonError(isErrorCode(error.code) ? error.code : 'script_failed', error.message, {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    details: { ...error.details, runId },
  });
}
