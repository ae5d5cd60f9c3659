import type { Run } from '@tenon/runtime/contract';
import { isErrorCode, TenonError, type ErrorCode } from '@tenon/runtime/errors';

const codeByStatus: Partial<Record<Run['status'], ErrorCode>> = {
  partial: 'partitions_failed',
  held: 'deletions_held',
  timed_out: 'script_timed_out',
  cancelled: 'run_cancelled',
  auth_failed: 'provider_unauthorized',
  rate_limited: 'provider_rate_limited',
  lost: 'run_lost',
};

/** The error that a run ended with, for a command that waited for it; undefined when it ended well. */
export function runError(run: Run): TenonError | undefined {
  if (run.status === 'succeeded') return undefined;
  const fallback = codeByStatus[run.status] ?? 'script_failed';
  const code = run.error !== null && isErrorCode(run.error.code) ? run.error.code : fallback;
  const stack = run.error?.stack === undefined ? '' : `\n${run.error.stack}`;
  return new TenonError(code, `${run.error?.message ?? `The run ended as ${run.status}.`}${stack}`, {
    hint: run.error?.hint ?? `Run \`tenon logs --run ${run.id}\` to see what it logged.`,
    details: { ...run.error?.details, runId: run.id, status: run.status },
  });
}
