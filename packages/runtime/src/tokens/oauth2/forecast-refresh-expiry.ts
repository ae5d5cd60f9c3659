import type { z } from 'zod';
import type { refreshTokenSchema } from '../../provider/auth/oauth2-auth.ts';
import type { ProviderToken } from '../../provider/provider-token.ts';

/**
 * When a refresh token ends: what the answer said, else what is known of the provider's.
 * @param before the token that was renewed; its refresh token may live on, with less of its lifetime left
 */
export function forecastRefreshExpiry(
  token: ProviderToken,
  { facts, before, nowMs }: { facts: z.infer<typeof refreshTokenSchema>; before?: ProviderToken; nowMs: number },
): { refreshExpiresAtMs?: number } {
  if (token.refreshToken === undefined) return {};
  if (token.refreshExpiresAtMs !== undefined) return { refreshExpiresAtMs: token.refreshExpiresAtMs };
  const { lifetimeSeconds, idleSeconds } = facts;
  const livesOn = before?.refreshToken === token.refreshToken;
  // The idle time begins anew with each use; the lifetime only with another token.
  const idle = idleSeconds === undefined ? undefined : nowMs + idleSeconds * 1_000;
  const lifetime = lifetimeSeconds === undefined || livesOn ? undefined : nowMs + lifetimeSeconds * 1_000;
  const known = livesOn && idle === undefined ? before?.refreshExpiresAtMs : undefined;
  const ends = [idle, lifetime, known].filter((end) => end !== undefined);
  return ends.length === 0 ? {} : { refreshExpiresAtMs: Math.min(...ends) };
}
