import { captureAccount } from '../capture-account.ts';
import { checkState, denyAuthorization, refuseCallback } from '../check-callback.ts';
import { requireMode } from '../require-mode.ts';
import type { AuthorizationEnd, AuthorizedAccount } from '../token-context.ts';
import { askOauth1Endpoint } from './ask-oauth1-endpoint.ts';
import { hasNoConsent } from './begin-oauth1-authorization.ts';

/** X sends `denied`, others a problem of the reporting extension. */
function isDenied(callback: AuthorizationEnd['callback']): boolean {
  return (
    callback['denied'] !== undefined || /refused|denied/.test(callback['oauth_problem'] ?? callback['error'] ?? '')
  );
}

/**
 * Exchanges the consented temporary token for the one that requests are signed with (RFC 5849 section 2.3).
 * @throws TenonError `authorization_invalid`, `authorization_denied`, `authorization_expired`,
 *   `integration_misconfigured`, and what `sendExchange` throws
 */
export async function completeOauth1Authorization(end: AuthorizationEnd): Promise<AuthorizedAccount> {
  const auth = requireMode(end.provider, 'oauth1');
  const { callback, pending } = end;
  if (auth.accessTokenUrl === undefined) throw hasNoConsent(end.provider.displayName);
  checkState(end);
  if (isDenied(callback)) throw denyAuthorization(end);
  const { oauth_token: token, oauth_verifier: verifier } = callback;
  if (token === undefined || token !== pending['requestToken']) {
    throw refuseCallback(end, 'with another token than it was sent with');
  }
  // Section 2.2: without it anybody who knows the token could finish what a customer began.
  if (verifier === undefined || verifier === '') throw refuseCallback(end, 'without a verifier');
  const answer = await askOauth1Endpoint(end, {
    auth,
    url: auth.accessTokenUrl,
    step: 'access token',
    keys: {
      token,
      tokenSecret: pending['requestTokenSecret'] ?? '',
      parameters: { oauth_verifier: verifier },
    },
  });
  const { oauth_token: accessToken = '', oauth_token_secret: tokenSecret = '', ...told } = answer;
  const captured = await captureAccount(end, {
    capture: auth.capture,
    callback,
    token: told,
    credential: { token: accessToken, tokenSecret },
  });
  return { token: { accessToken, tokenSecret }, captured };
}
