import { TenonError } from '../errors/tenon-error.ts';
import { completeInstallation } from './app/complete-installation.ts';
import { completeMcpAuthorization } from './mcp/complete-mcp-authorization.ts';
import { completeOauth1Authorization } from './oauth1/complete-oauth1-authorization.ts';
import { completeOauth2Authorization } from './oauth2/complete-oauth2-authorization.ts';
import type { AuthorizationEnd, AuthorizedAccount } from './token-context.ts';

/**
 * Takes what a customer's browser came back with, and gets the tokens for it.
 * @throws TenonError `authorization_denied`, `authorization_invalid`, `integration_misconfigured`,
 * `provider_unauthorized` (the code is refused), and what requests throw. It cannot be done a second time: a code is
 * used once
 */
export function completeAuthorization(end: AuthorizationEnd): Promise<AuthorizedAccount> {
  const { mode } = end.provider.auth;
  switch (mode) {
    case 'oauth2':
      return completeOauth2Authorization(end);
    case 'mcp_oauth':
      return completeMcpAuthorization(end);
    case 'oauth1':
      return completeOauth1Authorization(end);
    case 'app':
      return completeInstallation(end);
    default:
      throw new TenonError('credentials_invalid', `The mode ${mode} does not connect in a browser.`);
  }
}
