import { TenonError } from '../errors/tenon-error.ts';
import { beginInstallation } from './app/begin-installation.ts';
import { beginMcpAuthorization } from './mcp/begin-mcp-authorization.ts';
import { beginOauth1Authorization } from './oauth1/begin-oauth1-authorization.ts';
import { beginOauth2Authorization } from './oauth2/begin-oauth2-authorization.ts';
import type { AuthorizationStart, StartedAuthorization } from './token-context.ts';

/**
 * Says where a customer's browser goes to consent, for the modes that ask there.
 * @throws TenonError `integration_misconfigured` when the app lacks something, `interpolation_failed`, and what
 * requests throw (MCP asks the server first, OAuth 1.0a for a temporary token)
 */
export function beginAuthorization(start: AuthorizationStart): Promise<StartedAuthorization> {
  const { mode } = start.provider.auth;
  switch (mode) {
    case 'oauth2':
      return beginOauth2Authorization(start);
    case 'mcp_oauth':
      return beginMcpAuthorization(start);
    case 'oauth1':
      return beginOauth1Authorization(start);
    case 'app':
      return beginInstallation(start);
    default:
      throw new TenonError('credentials_invalid', `The mode ${mode} does not connect in a browser.`);
  }
}
