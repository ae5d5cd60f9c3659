import { calculatePKCECodeChallenge, generateRandomCodeVerifier, generateRandomNonce } from 'oauth4webapi';
import { failClient, integrationClient } from '../endpoint/token-client.ts';
import { endpointUrl, exchangeValues, fillParameters } from '../exchange-values.ts';
import { requireMode } from '../require-mode.ts';
import type { AuthorizationStart, StartedAuthorization } from '../token-context.ts';
import { addParameters } from './add-parameters.ts';
import { redirectUriOf } from './redirect-uri-of.ts';

/**
 * Makes the address to consent at: RFC 6749 section 4.1.1, with PKCE (RFC 7636), and with a nonce where ID tokens are
 * checked (OpenID Connect Core 1.0 section 3.1.2.1).
 */
export async function beginOauth2Authorization(start: AuthorizationStart): Promise<StartedAuthorization> {
  const auth = requireMode(start.provider, 'oauth2');
  const { clientId } = integrationClient(start);
  if (clientId === undefined) return failClient('integration', 'client id');
  const values = exchangeValues(start);
  const scopes = [...(start.scopes ?? auth.scopes)];
  const checksIdToken = auth.jwksUrl !== undefined;
  if (checksIdToken && !scopes.includes('openid')) scopes.unshift('openid');
  const codeVerifier = auth.pkce === 'S256' ? generateRandomCodeVerifier() : undefined;
  const nonce = checksIdToken ? generateRandomNonce() : undefined;
  const parameters: Record<string, string> = {
    response_type: 'code',
    ...(scopes.length > 0 && { [auth.scopeParameter]: scopes.join(auth.scopeSeparator) }),
    ...fillParameters(auth.authorizationParameters, values),
    ...start.authorizationParameters,
    // Last: what binds the answer to this question is nobody's to set.
    [auth.clientIdParameter]: clientId,
    redirect_uri: redirectUriOf(start, values),
    state: start.state,
    ...(nonce !== undefined && { nonce }),
    ...(codeVerifier !== undefined && {
      code_challenge: await calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
    }),
  };
  return {
    url: addParameters(endpointUrl(auth.authorizationUrl, values), parameters),
    pending: {
      ...(codeVerifier !== undefined && { codeVerifier }),
      ...(nonce !== undefined && { nonce }),
      ...(scopes.length > 0 && { scopes: JSON.stringify(scopes) }),
    },
  };
}
