import { defineErrors, exitCodes } from '../error-definition.ts';

/** Errors that the REST API answers with (packages/server/src/http). */
export const httpErrors = defineErrors({
  request_invalid: {
    status: 400,
    exitCode: exitCodes.validation,
    when: 'The request does not match the API contract; details name each path.',
  },
  unauthorized: { status: 401, exitCode: exitCodes.auth, when: 'The API key is missing or unknown.' },
  key_expired: { status: 401, exitCode: exitCodes.auth, when: 'The API key has expired.' },
  key_revoked: { status: 401, exitCode: exitCodes.auth, when: 'The API key was revoked.' },
  forbidden: { status: 403, exitCode: exitCodes.auth, when: 'The API key lacks the scope that this route needs.' },
  not_found: {
    status: 404,
    exitCode: exitCodes.validation,
    when: 'The named thing does not exist in this environment.',
  },
  conflict: {
    status: 409,
    exitCode: exitCodes.validation,
    when: 'The named thing exists already, or its state does not allow this.',
  },
  plan_stale: {
    status: 409,
    exitCode: exitCodes.planRefused,
    when: 'The environment changed since the plan was made.',
  },
  destructive_refused: {
    status: 409,
    exitCode: exitCodes.planRefused,
    when: 'A deployment would remove records or connections, and that was not allowed explicitly.',
  },
  external_id_taken: {
    status: 409,
    exitCode: exitCodes.planRefused,
    when: 'A version with this external id (such as a commit) was deployed before, and it holds something else.',
  },
  rename_refused: {
    status: 409,
    exitCode: exitCodes.planRefused,
    when: 'A renamedFrom would join two things that both exist.',
  },
  history_pruned: {
    status: 409,
    exitCode: exitCodes.planRefused,
    when: 'Records cannot be taken back to before a deployment, because not all that was there then is kept.',
  },
  bundle_missing: {
    status: 409,
    exitCode: exitCodes.validation,
    when: 'A deployment names a bundle that was not uploaded.',
  },
  bundle_hash_mismatch: {
    status: 400,
    exitCode: exitCodes.validation,
    when: 'An uploaded bundle does not have the hash that its address says.',
  },
  method_not_allowed: {
    status: 405,
    exitCode: exitCodes.validation,
    when: 'The address exists, and does not take this method; Allow names those that it takes.',
  },
  payload_too_large: {
    status: 413,
    exitCode: exitCodes.validation,
    when: 'The request body is larger than the documented limit.',
  },
  rate_limited: {
    status: 429,
    exitCode: exitCodes.server,
    when: 'Too many requests in too short a time; Retry-After says when to try again.',
  },
  internal: {
    status: 500,
    exitCode: exitCodes.server,
    when: 'The server failed in a way that it did not foresee; its log has the request id.',
  },
  unavailable: {
    status: 503,
    exitCode: exitCodes.server,
    when: 'The server is starting, stopping, or its database does not answer.',
  },
});
