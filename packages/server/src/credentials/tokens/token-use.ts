import { usesToken, type Credentials } from '@tenon/runtime/provider';
import { hasHook, type DeployedProvider } from '../../deployments/deployed-provider.ts';
import type { StoredToken } from '../seal-secrets.ts';

/** Whether credentials of the mode can go with a token at all; for some of these modes the provider decides. */
export function mayHaveToken(mode: Credentials['mode']): boolean {
  return mode !== 'none' && mode !== 'api_key' && mode !== 'basic' && mode !== 'signature';
}

/** Modes whose tokens come from a customer's consent in a browser: nobody can obtain another one without it. */
function needsConsent(mode: Credentials['mode']): boolean {
  return mode === 'oauth2' || mode === 'mcp_oauth' || mode === 'oauth1';
}

/**
 * How another token can be had: `obtain`ed with what is stored, `renew`ed with a refresh token or by
 * the provider's hook, or `none`.
 * @param token the one there is
 */
export function wayToToken(
  provider: Pick<DeployedProvider, 'auth' | 'hooks'>,
  { mode }: Credentials,
  token: Pick<StoredToken, 'refreshToken'> | undefined,
): 'obtain' | 'renew' | 'none' {
  if (!usesToken(provider.auth)) return 'none';
  if (!needsConsent(mode)) return 'obtain';
  if (token && hasHook(provider, 'renewToken')) return 'renew';
  return token?.refreshToken === undefined ? 'none' : 'renew';
}
