import type { ProviderToken } from '../../provider/provider-token.ts';
import { systemClock } from '../../request/clock.ts';
import { credentialValues } from '../credential-values.ts';
import { exchangeValues } from '../exchange-values.ts';
import { signToken } from '../signed-token.ts';
import { requireMode } from '../require-mode.ts';
import type { TokenRequest } from '../token-context.ts';

/**
 * Makes the token of the next minutes with the customer's key. It is made here, and not beside the script, so that the
 * key never leaves the server's process.
 * @throws TenonError as `signToken` does
 */
export async function signAccessToken(request: TokenRequest): Promise<ProviderToken> {
  const auth = requireMode(request.provider, 'jwt');
  const values = exchangeValues(request, credentialValues(request.credentials));
  const { token, expiresAtMs } = await signToken(auth.token, values, request.clock ?? systemClock);
  return { accessToken: token, expiresAtMs };
}
