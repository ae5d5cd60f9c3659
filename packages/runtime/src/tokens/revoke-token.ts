import { revokeMcpToken } from './mcp/revoke-mcp-token.ts';
import { revokeOauth2Token } from './oauth2/revoke-oauth2-token.ts';
import type { TokenRenewal } from './token-context.ts';

/**
 * Ends a token at the provider (RFC 7009), where the provider says how; resolves where it does not.
 * @throws TenonError what requests throw: the caller decides whether a token that lives on until it ends matters
 */
export async function revokeToken(renewal: TokenRenewal): Promise<void> {
  switch (renewal.provider.auth.mode) {
    case 'oauth2':
    case 'oauth2_client_credentials':
      return revokeOauth2Token(renewal);
    case 'mcp_oauth':
      return revokeMcpToken(renewal);
    default:
      return undefined;
  }
}
