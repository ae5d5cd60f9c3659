import { tellTokenEndpoint } from '../endpoint/ask-token-endpoint.ts';
import type { TokenRenewal } from '../token-context.ts';
import { mcpClient, mcpEndpoint } from './mcp-endpoint.ts';

/** Revokes the refresh token, or else the access token, where the authorization server said how (RFC 7009). */
export async function revokeMcpToken(renewal: TokenRenewal): Promise<void> {
  const { accessToken, refreshToken, registration } = renewal.token;
  if (registration?.revocationUrl === undefined) return;
  await tellTokenEndpoint(renewal, {
    endpoint: 'revocation endpoint',
    url: new URL(registration.revocationUrl),
    facts: mcpEndpoint(registration),
    client: mcpClient(renewal, registration),
    values: {},
    repeat: 'safe',
    secrets: [accessToken, refreshToken ?? ''],
    parameters: () => ({
      token: refreshToken ?? accessToken,
      token_type_hint: refreshToken === undefined ? 'access_token' : 'refresh_token',
    }),
  });
}
