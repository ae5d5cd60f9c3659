import { interpolateAll } from '../../provider/interpolate.ts';
import { systemClock } from '../../request/clock.ts';
import { askTokenEndpoint } from '../endpoint/ask-token-endpoint.ts';
import { readToken } from '../endpoint/read-token.ts';
import { failClient } from '../endpoint/token-client.ts';
import { endpointUrl, exchangeValues } from '../exchange-values.ts';
import type { ObtainedToken } from '../obtained-token.ts';
import { requireMode } from '../require-mode.ts';
import type { TokenRequest } from '../token-context.ts';
import { connectionClient } from './connection-client.ts';

/** Exchanges client credentials for an access token: RFC 6749 section 4.4. */
export async function obtainClientCredentialsToken(request: TokenRequest): Promise<ObtainedToken> {
  const { provider } = request;
  const auth = requireMode(provider, 'oauth2_client_credentials');
  const client = connectionClient(request, auth);
  const { clientId, clientSecret } = client;
  if (clientId === undefined) return failClient(client.owner, 'client id');
  const values = exchangeValues(request, { clientId, ...(clientSecret !== undefined && { clientSecret }) });
  const nowMs = (request.clock ?? systemClock).now();
  const answer = await askTokenEndpoint(request, {
    url: endpointUrl(auth.tokenUrl, values),
    facts: auth,
    client,
    values,
    // Asking again has no effect but another token.
    repeat: 'safe',
    secrets: [],
    parameters: () => ({
      grant_type: 'client_credentials',
      ...(auth.scopes.length > 0 && { scope: auth.scopes.join(auth.scopeSeparator) }),
      ...interpolateAll(auth.tokenParameters, values),
    }),
  });
  return { token: readToken(answer, { ...auth, provider: provider.displayName, nowMs }), answer };
}
