import type { ProviderToken } from '../provider/provider-token.ts';
import { renewMcpToken } from './mcp/renew-mcp-token.ts';
import { refuseOauth1Renewal } from './oauth1/refuse-oauth1-renewal.ts';
import { renewOauth2Token } from './oauth2/renew-oauth2-token.ts';
import { obtainToken } from './obtain-token.ts';
import type { TokenRenewal } from './token-context.ts';

/**
 * Gets a new token for one that ended or ends soon: with its refresh token, or with the credentials where those do.
 * What the provider leaves blank is taken from the old one, but for the access token's end: that may be unknown now.
 * The result must be stored before it is used, as the old refresh token may have ended.
 * @throws TenonError `provider_unauthorized` when the customer has to connect again, `integration_misconfigured` when the
 * developer has to do something, and what requests throw; `details.mayHaveActed` says that the provider may have
 * renewed the token although no answer came
 */
export function renewToken(renewal: TokenRenewal): Promise<ProviderToken> {
  switch (renewal.provider.auth.mode) {
    case 'oauth2':
      return renewOauth2Token(renewal);
    case 'mcp_oauth':
      return renewMcpToken(renewal);
    case 'oauth1':
      return refuseOauth1Renewal(renewal);
    default:
      return obtainToken(renewal);
  }
}
