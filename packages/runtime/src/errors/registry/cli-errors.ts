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
  doctor_unreachable: {
    status: 503,
    exitCode: exitCodes.server,
    when: '`tenon doctor` found that the server, or the way there, does not work; the machine and the project are in order.',
  },
  server_unreachable: {
    status: 503,
    exitCode: exitCodes.server,
    when: 'The Tenon server did not answer at its address.',
  },
  server_name_unknown: {
    status: 503,
    exitCode: exitCodes.server,
    when: "The name in the server's address is not known to DNS.",
  },
  server_tls_failed: {
    status: 503,
    exitCode: exitCodes.server,
    when: 'No encrypted connection to the server could be made, or its certificate is not trusted.',
  },
  server_timeout: {
    status: 504,
    exitCode: exitCodes.server,
    when: 'The server did not connect, answer or go on answering in time.',
  },
  server_connection_lost: {
    status: 503,
    exitCode: exitCodes.server,
    when: 'The connection to the server broke off before the whole answer was there.',
  },
  server_gateway_failed: {
    status: 502,
    exitCode: exitCodes.server,
    when: 'A load balancer or proxy before the server answered that it does not reach it (502, 503, 504).',
  },
  server_intercepted: {
    status: 502,
    exitCode: exitCodes.server,
    when: 'A web page came instead of an answer: of a proxy, of the sign-in of a network, or of a website.',
  },
  server_redirected: {
    status: 502,
    exitCode: exitCodes.server,
    when: 'The address sends on to another one. The key is not sent there.',
  },
  server_not_tenon: { status: 502, exitCode: exitCodes.server, when: 'What answers is not a Tenon server.' },
  server_answer_not_json: {
    status: 502,
    exitCode: exitCodes.server,
    when: 'The answer has another content type than JSON.',
  },
  server_answer_truncated: {
    status: 502,
    exitCode: exitCodes.server,
    when: 'The JSON of the answer ends in the middle.',
  },
  server_too_old: {
    status: 501,
    exitCode: exitCodes.server,
    when: 'The server is older than this command line, and cannot do what was asked. Upgrade the server.',
  },
  cli_too_old: {
    status: 426,
    exitCode: exitCodes.server,
    when: 'The server is newer than this command line, which does not understand its answer. Upgrade the package `tenon`.',
  },
  proxy_failed: {
    status: 502,
    exitCode: exitCodes.server,
    when: 'The proxy of HTTPS_PROXY or HTTP_PROXY does not answer, or does not lead to the server.',
  },
  environment_mismatch: {
    status: 409,
    exitCode: exitCodes.auth,
    when: 'The API key is of another environment of the server than the one that --env names.',
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
