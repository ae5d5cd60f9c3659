import type { ProviderToken } from '@tenon/runtime/provider';
import type { StoredToken } from '../seal-secrets.ts';

const mostMarginMs = 60_000;

/** The token with the time that its lifetime counts from. */
export function toStoredToken(token: ProviderToken, nowMs: number): StoredToken {
  return { ...token, obtainedAtMs: nowMs };
}

/**
 * Whether a token may still be handed out. It is renewed early, by 60 s or a tenth of its lifetime, whichever is
 * shorter, so that a run that starts now does not meet its end at once and a token of 5 s is still usable.
 */
export function isFresh({ obtainedAtMs, expiresAtMs }: StoredToken, nowMs: number): boolean {
  if (expiresAtMs === undefined) return true;
  const marginMs = Math.min(mostMarginMs, (expiresAtMs - obtainedAtMs) / 10);
  return nowMs < expiresAtMs - marginMs;
}
