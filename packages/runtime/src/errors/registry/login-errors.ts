import { defineErrors, exitCodes } from '../error-definition.ts';

/** Errors of `tenon login` (packages/cli's login and profiles, the server's device logins). */
export const loginErrors = defineErrors({
  login_pending: {
    status: 400,
    exitCode: exitCodes.auth,
    when: 'Nobody has decided about the login yet; ask again after the interval.',
  },
  login_slow_down: {
    status: 429,
    exitCode: exitCodes.auth,
    when: 'The key of a login was asked for too often; wait five seconds longer from now on.',
  },
  login_denied: { status: 403, exitCode: exitCodes.auth, when: 'The login was denied.' },
  login_expired: {
    status: 410,
    exitCode: exitCodes.auth,
    when: 'The code of a login is unknown, too old, or was used already.',
  },
  profile_not_found: {
    status: 404,
    exitCode: exitCodes.auth,
    when: 'There is no profile of this name; see `tenon login`.',
  },
  profile_store_failed: {
    status: 500,
    exitCode: exitCodes.auth,
    when: 'The profiles of `tenon login` on this machine cannot be read or written.',
  },
});
