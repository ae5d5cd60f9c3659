import type { ProviderToken } from '../../provider/provider-token.ts';
import { systemClock } from '../../request/clock.ts';
import { askTokenEndpoint } from '../endpoint/ask-token-endpoint.ts';
import { readToken } from '../endpoint/read-token.ts';
import { mergeRenewed } from '../oauth2/merge-renewed.ts';
import { requireRefreshToken } from '../oauth2/require-refresh-token.ts';
import type { TokenRenewal } from '../token-context.ts';
import { mcpClient, mcpEndpoint } from './mcp-endpoint.ts';
import { requireRegistration } from './require-registration.ts';

/** Renews with the refresh token, at the server that gave it, for the same resource (RFC 8707 section 2.2). */
export async function renewMcpToken(renewal: TokenRenewal): Promise<ProviderToken> {
  const { provider, token: before } = renewal;
  const refreshToken = requireRefreshToken(renewal);
  const registration = requireRegistration(renewal);
  const facts = mcpEndpoint(registration);
  const nowMs = (renewal.clock ?? systemClock).now();
  const answer = await askTokenEndpoint(renewal, {
    url: new URL(registration.tokenUrl),
    facts,
    client: mcpClient(renewal, registration),
    values: {},
    // OAuth 2.1 has refresh tokens of public clients rotate: a second use of one would end the grant.
    repeat: 'unsafe',
    secrets: [refreshToken, before.accessToken],
    parameters: () => ({
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      resource: registration.resource,
    }),
  });
  return mergeRenewed(before, readToken(answer, { answer: facts.answer, provider: provider.displayName, nowMs }));
}
