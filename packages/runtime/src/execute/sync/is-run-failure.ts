import { TenonError } from '../../errors/tenon-error.ts';

/** What is no fault of one partition: it would meet the others too. */
const codes: ReadonlySet<string> = new Set([
  'provider_unauthorized',
  'provider_rate_limited',
  'quarantine_exceeded',
  'run_cancelled',
  'script_timed_out',
  'model_unknown',
]);

/** Whether an error that a partition threw ends the whole run. */
export function isRunFailure(
  error: unknown,
  { signal, sender }: { signal: AbortSignal; sender: { hasFailed(): boolean } },
): boolean {
  return signal.aborted || sender.hasFailed() || (error instanceof TenonError && codes.has(error.code));
}
