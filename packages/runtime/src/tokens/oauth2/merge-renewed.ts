import type { ProviderToken } from '../../provider/provider-token.ts';

/**
 * What a renewal did not say is as before (RFC 6749 section 6 for the refresh token and the scope). The access token's
 * end is not: the old one's is over, or nearly.
 */
export function mergeRenewed(before: ProviderToken, renewed: ProviderToken): ProviderToken {
  const { expiresAtMs: _ended, ...kept } = before;
  const merged = { ...kept, ...renewed };
  if (renewed.refreshToken === undefined || renewed.refreshToken === before.refreshToken) return merged;
  // Another refresh token has an end of its own.
  const { refreshExpiresAtMs: _endOfOld, ...withoutEnd } = merged;
  return renewed.refreshExpiresAtMs === undefined ? withoutEnd : merged;
}
