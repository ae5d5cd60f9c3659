import { interpolateAll } from '../../provider/interpolate.ts';
import { tellTokenEndpoint } from '../endpoint/ask-token-endpoint.ts';
import { integrationClient } from '../endpoint/token-client.ts';
import { endpointUrl, exchangeValues } from '../exchange-values.ts';
import type { TokenRenewal } from '../token-context.ts';
import { connectionClient } from './connection-client.ts';

/** Revokes the refresh token, which ends its access tokens too, or else the access token: RFC 7009 section 2.1. */
export async function revokeOauth2Token(renewal: TokenRenewal): Promise<void> {
  const { provider, token } = renewal;
  const { auth } = provider;
  if (auth.mode !== 'oauth2' && auth.mode !== 'oauth2_client_credentials') return;
  if (auth.revocationUrl === undefined) return;
  const { accessToken, refreshToken } = token;
  const client = auth.mode === 'oauth2' ? integrationClient(renewal) : connectionClient(renewal, auth);
  const values = exchangeValues(renewal, {
    accessToken,
    ...(refreshToken !== undefined && { refreshToken }),
    ...(client.clientId !== undefined && { clientId: client.clientId }),
    ...(client.clientSecret !== undefined && { clientSecret: client.clientSecret }),
  });
  await tellTokenEndpoint(renewal, {
    endpoint: 'revocation endpoint',
    url: endpointUrl(auth.revocationUrl, values),
    facts: auth,
    client,
    values,
    repeat: 'safe',
    secrets: [accessToken, refreshToken ?? ''],
    parameters: () => ({
      token: refreshToken ?? accessToken,
      token_type_hint: refreshToken === undefined ? 'access_token' : 'refresh_token',
      ...interpolateAll(auth.revocationParameters, values),
    }),
  });
}
