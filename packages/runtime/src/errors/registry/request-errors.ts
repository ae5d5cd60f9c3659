import { defineErrors, exitCodes } from '../error-definition.ts';

/** Errors of calling a provider (packages/runtime/src/request). */
export const requestErrors = defineErrors({
  provider_unreachable: { status: 502, exitCode: exitCodes.server, when: "The provider's address does not answer." },
  provider_error: { status: 502, exitCode: exitCodes.server, when: 'The provider answered with an error status.' },
  provider_rate_limited: {
    status: 429,
    exitCode: exitCodes.server,
    when: 'The provider refused the call for its rate limit, beyond what retries could wait for.',
  },
  provider_unauthorized: {
    status: 424,
    exitCode: exitCodes.auth,
    when: "The provider refused the connection's credentials.",
  },
  provider_answer_invalid: {
    status: 502,
    exitCode: exitCodes.server,
    when: "The provider's answer is not of the shape that was asked for.",
  },
  provider_answer_too_large: {
    status: 502,
    exitCode: exitCodes.server,
    when: "The provider's answer is larger than the limit for one answer.",
  },
  provider_timeout: { status: 504, exitCode: exitCodes.server, when: 'The provider did not answer in time.' },
  provider_request_invalid: {
    status: 422,
    exitCode: exitCodes.validation,
    when: "A script asked for a request that cannot be sent: an address that is not the provider's, a header, body or pagination that cannot be read.",
  },
  provider_address_refused: {
    status: 422,
    exitCode: exitCodes.validation,
    when: "A provider's address leads to a private network or to the server itself, which is not allowed.",
  },
  pagination_loop: {
    status: 502,
    exitCode: exitCodes.server,
    when: 'A provider returned the same page address twice.',
  },
  interpolation_failed: {
    status: 400,
    exitCode: exitCodes.validation,
    when: 'A provider template names a value that the connection does not have.',
  },
  credentials_invalid: {
    status: 400,
    exitCode: exitCodes.validation,
    when: 'Credentials do not have the fields that the provider asks for.',
  },
  recording_invalid: {
    status: 400,
    exitCode: exitCodes.validation,
    when: 'A recording of requests and answers does not have the form of one.',
  },
  replay_unmatched: {
    status: 422,
    exitCode: exitCodes.validation,
    when: 'A replayed run sent a request that is not among the recorded exchanges.',
  },
  replay_unused: {
    status: 422,
    exitCode: exitCodes.validation,
    when: 'A replayed run ended without sending every recorded request.',
  },
  recording_too_large: {
    status: 413,
    exitCode: exitCodes.validation,
    when: 'A recording is larger than 10 MB.',
  },
  recording_secret: {
    status: 422,
    exitCode: exitCodes.validation,
    when: 'A recording was not written, because it would hold what looks like a secret.',
  },
  replay_network: {
    status: 422,
    exitCode: exitCodes.validation,
    when: 'A replayed run opened a connection of its own; only requests through `sync` and `action` are recorded.',
  },
});
