import { defineErrors, exitCodes } from '../error-definition.ts';

/** Errors of connecting accounts and of keeping them connected (runtime's tokens, the server's credentials and connect). */
export const connectionErrors = defineErrors({
  integration_misconfigured: {
    status: 424,
    exitCode: exitCodes.validation,
    when: 'The provider refused the app itself (its client id, secret, redirect address or scopes), or one of these is not configured. Customers can do nothing about it.',
  },
  authorization_denied: {
    status: 403,
    exitCode: exitCodes.auth,
    when: "The customer, or the customer's administrator, did not consent at the provider.",
  },
  authorization_invalid: {
    status: 400,
    exitCode: exitCodes.auth,
    when: 'A browser came back from a provider with an answer that does not belong to what was asked: a wrong state, issuer or nonce, or another browser.',
  },
  authorization_expired: {
    status: 410,
    exitCode: exitCodes.auth,
    when: 'The customer took too long at the provider, or came back a second time.',
  },
  account_mismatch: {
    status: 409,
    exitCode: exitCodes.auth,
    when: 'A connection was renewed with another account than the one it was made with.',
  },
  connect_session_invalid: {
    status: 401,
    exitCode: exitCodes.auth,
    when: 'A connect session is unknown or has expired.',
  },
  origin_refused: {
    status: 403,
    exitCode: exitCodes.validation,
    when: 'An address to return to, or a page that called, is not of an origin that tenon.config.ts allows.',
  },
  hook_failed: {
    status: 502,
    exitCode: exitCodes.server,
    when: "A provider's hook threw an error, or answered with something of another form.",
  },
});
