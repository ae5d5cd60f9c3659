import { TenonError } from '@tenon/runtime/errors';

const startAgain = 'Go back to the page where you started, and connect again.';

export function authorizationExpired(): TenonError {
  return new TenonError('authorization_expired', 'Signing in at the provider took too long, so it was given up.', {
    hint: startAgain,
  });
}

/** The server that was at it ended; nothing was stored, and the provider's code is worth nothing any more. */
export function authorizationInterrupted(): TenonError {
  return new TenonError('authorization_expired', 'Connecting was interrupted before it was done.', {
    hint: `Nothing was connected. ${startAgain}`,
  });
}

/** @param why such as "The address lacks its state" */
export function authorizationInvalid(why: string): TenonError {
  return new TenonError('authorization_invalid', why, { hint: `Nothing was connected. ${startAgain}` });
}
