import type { StoredToken } from '../seal-secrets.ts';

const mostMarginMs = 60_000;

/** How long before its end a token is renewed: 60 s or a tenth of its lifetime, whichever is shorter. */
export function marginOf({ obtainedAtMs }: Pick<StoredToken, 'obtainedAtMs'>, expiresAtMs: number): number {
  return Math.min(mostMarginMs, Math.max(0, (expiresAtMs - obtainedAtMs) / 10));
}

/**
 * Whether a token may still be handed out without asking for another. It is renewed early, so that a run that starts
 * now does not meet its end at once; a token of 5 s is still usable.
 */
export function isFresh(token: StoredToken, nowMs: number): boolean {
  const { expiresAtMs } = token;
  if (token.accessToken === '') return false;
  if (expiresAtMs === undefined) return true;
  return nowMs < expiresAtMs - marginOf(token, expiresAtMs);
}

/** Whether the provider still takes it, as far as is known: what is used when there is no other to be had. */
export function isValid({ accessToken, expiresAtMs }: StoredToken, nowMs: number): boolean {
  return accessToken !== '' && (expiresAtMs === undefined || nowMs < expiresAtMs);
}
