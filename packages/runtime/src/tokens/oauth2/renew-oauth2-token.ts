import { interpolateAll } from '../../provider/interpolate.ts';
import type { ProviderToken } from '../../provider/provider-token.ts';
import { systemClock } from '../../request/clock.ts';
import { askTokenEndpoint } from '../endpoint/ask-token-endpoint.ts';
import { readToken } from '../endpoint/read-token.ts';
import { integrationClient } from '../endpoint/token-client.ts';
import { endpointUrl, exchangeValues } from '../exchange-values.ts';
import { requireMode } from '../require-mode.ts';
import type { TokenRenewal } from '../token-context.ts';
import { forecastRefreshExpiry } from './forecast-refresh-expiry.ts';
import { mergeRenewed } from './merge-renewed.ts';
import { requireRefreshToken } from './require-refresh-token.ts';

/** Renews with the refresh token: RFC 6749 section 6. */
export async function renewOauth2Token(renewal: TokenRenewal): Promise<ProviderToken> {
  const { provider, token: before } = renewal;
  const auth = requireMode(provider, 'oauth2');
  const refreshToken = requireRefreshToken(renewal);
  const values = exchangeValues(renewal, { accessToken: before.accessToken, refreshToken });
  const nowMs = (renewal.clock ?? systemClock).now();
  const answer = await askTokenEndpoint(renewal, {
    url: endpointUrl(auth.refreshUrl ?? auth.tokenUrl, values),
    facts: auth,
    client: integrationClient(renewal),
    values,
    // A rotating token ends with its first use, and a provider that sees it twice ends the whole grant (RFC 9700
    // section 4.14.2): a repetition after a lost answer would turn a passing failure into a lost connection.
    repeat: auth.refreshToken.use === 'rotating' ? 'unsafe' : 'safe',
    secrets: [refreshToken, before.accessToken],
    parameters: () => ({
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      ...interpolateAll(auth.refreshParameters, values),
    }),
  });
  const renewed = readToken(answer, { ...auth, provider: provider.displayName, nowMs });
  const token = mergeRenewed(before, renewed);
  const said = { ...token, ...(renewed.refreshExpiresAtMs === undefined && { refreshExpiresAtMs: undefined }) };
  return { ...token, ...forecastRefreshExpiry(said, { facts: auth.refreshToken, before, nowMs }) };
}
