import { interpolateAll } from '../../provider/interpolate.ts';
import { systemClock } from '../../request/clock.ts';
import { askTokenEndpoint } from '../endpoint/ask-token-endpoint.ts';
import { readToken } from '../endpoint/read-token.ts';
import { integrationClient, type TokenClient } from '../endpoint/token-client.ts';
import { endpointUrl, exchangeValues } from '../exchange-values.ts';
import type { ObtainedToken } from '../obtained-token.ts';
import { requireMode } from '../require-mode.ts';
import { signToken } from '../signed-token.ts';
import type { TokenRequest } from '../token-context.ts';

/** Exchanges a statement, signed here, for an access token: RFC 7523 section 2.1. */
export async function obtainJwtBearerToken(request: TokenRequest): Promise<ObtainedToken> {
  const { provider, credentials, clock = systemClock } = request;
  const auth = requireMode(provider, 'oauth2_jwt_bearer');
  const pasted = credentials.mode === 'oauth2_jwt_bearer' ? credentials.values : {};
  const values = exchangeValues(request, pasted);
  const nowMs = clock.now();
  const client: TokenClient =
    // Without authentication the statement alone says who asks.
    auth.clientAuthentication === 'none' ? { owner: 'integration' } : integrationClient(request);
  const answer = await askTokenEndpoint(request, {
    url: endpointUrl(auth.tokenUrl, values),
    facts: auth,
    // Whose key it is that signs, has to do something when the provider refuses it.
    client: Object.keys(auth.fields).length > 0 ? { ...client, owner: 'connection' } : client,
    values,
    repeat: 'safe',
    secrets: Object.values(pasted),
    async parameters() {
      const { token: assertion } = await signToken(auth.assertion, values, clock);
      return {
        grant_type: auth.grantType,
        assertion,
        ...(auth.scopes.length > 0 && { scope: auth.scopes.join(auth.scopeSeparator) }),
        ...interpolateAll(auth.tokenParameters, values),
      };
    },
  });
  return { token: readToken(answer, { ...auth, provider: provider.displayName, nowMs }), answer };
}
