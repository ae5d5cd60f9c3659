import { systemClock } from '../../request/clock.ts';
import { askTokenEndpoint } from '../endpoint/ask-token-endpoint.ts';
import { readToken } from '../endpoint/read-token.ts';
import { checkCallback } from '../oauth2/check-callback.ts';
import { requireMode } from '../require-mode.ts';
import type { AuthorizationEnd, AuthorizedAccount } from '../token-context.ts';
import { mcpClient, mcpEndpoint } from './mcp-endpoint.ts';
import { readPending } from './registration.ts';

/** Checks the redirect back, and exchanges its code for tokens of the MCP server. */
export async function completeMcpAuthorization(end: AuthorizationEnd): Promise<AuthorizedAccount> {
  requireMode(end.provider, 'mcp_oauth');
  const { displayName } = end.provider;
  const { registration, requireIssuer, scopes: asked } = readPending(end.pending);
  const { codeVerifier = '' } = end.pending;
  const code = checkCallback(end.callback, {
    provider: displayName,
    clientId: registration.clientId,
    state: end.state,
    issuer: registration.authorizationServer,
    requireIssuer,
  });
  const facts = mcpEndpoint(registration);
  const nowMs = (end.clock ?? systemClock).now();
  const answer = await askTokenEndpoint(end, {
    url: new URL(registration.tokenUrl),
    facts,
    client: mcpClient(end, registration),
    values: {},
    // A code is used once (RFC 6749 section 4.1.2), and a second use may end the tokens of the first.
    repeat: 'unsafe',
    secrets: [code, codeVerifier],
    parameters: () => ({
      grant_type: 'authorization_code',
      code,
      redirect_uri: end.redirectUri,
      code_verifier: codeVerifier,
      resource: registration.resource,
    }),
  });
  const token = readToken(answer, { answer: facts.answer, provider: displayName, nowMs });
  const scopes = token.scopes ?? asked;
  return { token: { ...token, ...(scopes && { scopes }), registration }, captured: {} };
}
