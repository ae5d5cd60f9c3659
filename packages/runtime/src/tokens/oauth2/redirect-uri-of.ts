import { interpolate, type InterpolationValues } from '../../provider/interpolate.ts';
import { requireMode } from '../require-mode.ts';
import type { TokenContext } from '../token-context.ts';

/**
 * What the provider is told of where the customer returns to. The same for the consent and for the exchange of the code
 * (RFC 6749 section 4.1.3): the callback address, or the name that the provider knows it by.
 */
export function redirectUriOf(
  { provider, redirectUri }: Pick<TokenContext, 'provider'> & { readonly redirectUri: string },
  values: InterpolationValues,
): string {
  const named = requireMode(provider, 'oauth2').redirectUri;
  return named === undefined ? redirectUri : interpolate(named, values);
}
