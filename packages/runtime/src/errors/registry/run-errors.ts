import { defineErrors, exitCodes } from '../error-definition.ts';

/** Errors that end a run (packages/runtime/src/execute, packages/server/src/engine and workers). */
export const runErrors = defineErrors({
  script_failed: { status: 422, exitCode: exitCodes.validation, when: 'The script threw an error.' },
  script_exited: { status: 422, exitCode: exitCodes.validation, when: 'The script ended its process.' },
  script_timed_out: {
    status: 504,
    exitCode: exitCodes.validation,
    when: 'The script did not finish before its deadline.',
  },
  script_out_of_memory: {
    status: 507,
    exitCode: exitCodes.validation,
    when: 'The script used more memory than a run may.',
  },
  script_unresponsive: {
    status: 504,
    exitCode: exitCodes.validation,
    when: 'The script blocked its process and did not answer.',
  },
  dry_run_too_large: {
    status: 413,
    exitCode: exitCodes.validation,
    when: 'A dry run would have saved more than it may answer with.',
  },
  capture_missing: {
    status: 404,
    exitCode: exitCodes.validation,
    when: 'Nothing is kept of what a run met.',
  },
  capture_invalid: {
    status: 502,
    exitCode: exitCodes.validation,
    when: 'What a worker kept of a run cannot be read.',
  },
  script_incompatible: {
    status: 422,
    exitCode: exitCodes.validation,
    when: 'The script needs a runtime that this server does not have.',
  },
  record_invalid: {
    status: 422,
    exitCode: exitCodes.validation,
    when: 'The script gave an id that no record can have or a value that JSON cannot carry, or an update was overtaken each time.',
  },
  model_unknown: {
    status: 422,
    exitCode: exitCodes.validation,
    when: 'The script saved a model that it does not declare.',
  },
  quarantine_exceeded: {
    status: 422,
    exitCode: exitCodes.validation,
    when: 'More records than the sync allows are not what their models say.',
  },
  deletes_undeclared: {
    status: 422,
    exitCode: exitCodes.validation,
    when: 'The script deleted records, but the sync does not declare that it does.',
  },
  checkpoint_invalid: {
    status: 422,
    exitCode: exitCodes.validation,
    when: 'A checkpoint does not match what the sync declares.',
  },
  partitions_failed: { status: 422, exitCode: exitCodes.validation, when: 'Partitions of the run failed.' },
  deletions_held: {
    status: 409,
    exitCode: exitCodes.validation,
    when: 'The run would have deleted more records than the sync allows without approval.',
  },
  lock_held: { status: 409, exitCode: exitCodes.validation, when: 'Another run holds the lock.' },
  action_failed: {
    status: 422,
    exitCode: exitCodes.validation,
    when: 'The action ended with one of the errors that it declares.',
  },
  run_miscounted: {
    status: 500,
    exitCode: exitCodes.server,
    when: 'What a run committed is not what its script saved: a defect of the server.',
  },
  cursor_expired: {
    status: 410,
    exitCode: exitCodes.validation,
    when: 'Changes after this place in the feed were removed by retention: start over without a cursor.',
  },
  input_invalid: {
    status: 400,
    exitCode: exitCodes.validation,
    when: 'The input does not match what the action declares.',
  },
  output_invalid: {
    status: 502,
    exitCode: exitCodes.validation,
    when: 'The output does not match what the action declares.',
  },
  settings_invalid: {
    status: 400,
    exitCode: exitCodes.validation,
    when: 'The connection settings do not match what the sync declares.',
  },
  run_cancelled: { status: 409, exitCode: exitCodes.validation, when: 'The run was cancelled.' },
  run_lost: { status: 500, exitCode: exitCodes.server, when: 'The process that executed the run disappeared.' },
  worker_unavailable: { status: 503, exitCode: exitCodes.server, when: 'No worker process could be started.' },
});
