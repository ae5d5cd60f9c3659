import { defineErrors, exitCodes } from '../error-definition.ts';

/** Errors of the command line itself (packages/cli). */
export const cliErrors = defineErrors({
  usage_invalid: {
    status: 400,
    exitCode: exitCodes.validation,
    when: 'A command was called with an unknown flag, a missing argument or a bad value.',
  },
  input_needed: {
    status: 400,
    exitCode: exitCodes.validation,
    when: 'A command needs an answer, but there is no terminal to ask on.',
  },
  file_exists: {
    status: 409,
    exitCode: exitCodes.validation,
    when: 'A command would overwrite a file that it did not write.',
  },
  install_failed: {
    status: 502,
    exitCode: exitCodes.server,
    when: "The package manager did not install a project's packages.",
  },
  not_logged_in: { status: 401, exitCode: exitCodes.auth, when: 'No server address or API key was found.' },
  doctor_failed: {
    status: 500,
    exitCode: exitCodes.validation,
    when: '`tenon doctor` found something that must be put right.',
  },
  server_unreachable: {
    status: 503,
    exitCode: exitCodes.server,
    when: 'The Tenon server did not answer at its address.',
  },
  server_answer_invalid: {
    status: 502,
    exitCode: exitCodes.server,
    when: 'The server answered with something other than what the API contract says.',
  },
  port_taken: { status: 409, exitCode: exitCodes.server, when: 'The port that the server should listen on is in use.' },
  changes_pending: {
    status: 409,
    exitCode: exitCodes.changesPending,
    when: 'A check that expects no difference found one.',
  },
  sdk_stale: {
    status: 409,
    exitCode: exitCodes.changesPending,
    when: 'The generated SDK differs from what the project declares now.',
  },
  import_incomplete: {
    status: 422,
    exitCode: exitCodes.validation,
    when: '`tenon connections import` could not import every connection; the others are there.',
  },
  test_failed: {
    status: 422,
    exitCode: exitCodes.validation,
    when: 'A recording did not replay to what it says.',
  },
  interrupted: { status: 499, exitCode: exitCodes.interrupted, when: 'The command was interrupted.' },
  unexpected: {
    status: 500,
    exitCode: exitCodes.unexpected,
    when: 'Something failed that Tenon did not foresee; this is a bug.',
  },
});
