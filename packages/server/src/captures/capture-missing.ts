import { TenonError } from '@tenon/runtime/errors';
import type { Run } from '@tenon/runtime/contract';

const dayMs = 86_400_000;

/** Why a run has no capture. */
export type MissingReason =
  'unfinished' | 'succeeded' | 'cancelled' | 'rate_limited' | 'off' | 'expired' | 'worker_died' | 'not_captured';

/** Ends of a run that its worker did not live to see. */
const deadly = new Set(['run_lost', 'script_exited', 'script_out_of_memory', 'script_unresponsive']);

/** Says why there is nothing, and what to do instead; `details.reason` is for programs. */
export function captureMissing(run: Run, { days, now }: { days: number; now: number }): TenonError {
  const reason = findReason(run, { days, now });
  const [why, hint] = explain(reason, { run, days });
  return new TenonError('capture_missing', `There is no capture of the run ${run.id}: ${why}.`, {
    hint,
    details: { reason, status: run.status },
  });
}

function findReason(run: Run, { days, now }: { days: number; now: number }): MissingReason {
  if (run.finishedAt === null) return 'unfinished';
  if (run.status === 'succeeded' || run.status === 'held') return 'succeeded';
  if (run.status === 'cancelled' || run.status === 'rate_limited') return run.status;
  if (days === 0) return 'off';
  if (now - Date.parse(run.finishedAt) > days * dayMs) return 'expired';
  if (run.status === 'lost' || deadly.has(run.error?.code ?? '')) return 'worker_died';
  return 'not_captured';
}

function explain(reason: MissingReason, { run, days }: { run: Run; days: number }): [why: string, hint: string] {
  const record = `Record the function now: \`tenon record ${run.integration}/${run.function} --connection ${run.connection}\`.`;
  switch (reason) {
    case 'unfinished':
      return [`it is ${run.status}`, 'Wait for its end.'];
    case 'succeeded':
      return ['it succeeded, and only runs that fail are captured', record];
    case 'cancelled':
      return ['it was cancelled, and only runs that fail are captured', record];
    case 'rate_limited':
      return ['it only waited for a limit of the provider, and only runs that fail are captured', record];
    case 'off':
      return ['this server captures none (TENON_CAPTURE_DAYS is 0)', record];
    case 'expired':
      return [`captures are kept for ${days} days (TENON_CAPTURE_DAYS)`, record];
    case 'worker_died':
      return ['its worker process died, and what it had kept with it', record];
    case 'not_captured':
      return ['it failed before its script began, or when capturing was off', record];
  }
}
