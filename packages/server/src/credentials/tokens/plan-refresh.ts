import type { ConnectionExpiry } from '@tenon/runtime/contract';
import type { Credentials } from '@tenon/runtime/provider';
import type { DeployedProvider } from '../../deployments/deployed-provider.ts';
import type { StoredToken } from '../seal-secrets.ts';
import { marginOf } from './token-freshness.ts';
import { wayToToken } from './token-use.ts';

/** How often a connection that nobody uses is renewed, so that a lost authorisation is known within a day. */
const idleRenewalMs = 24 * 3_600_000;

/** However soon a provider says that a refresh token ends: it is not to be asked in a loop. */
const shortestRenewalMs = 60_000;

/** Two clocks, and the time that an answer takes. */
const toleranceMs = 60_000;

/** Share of the time until a renewal by which it comes earlier, at random: what was made together spreads out. */
const jitterShare = 0.1;

export interface TokenPlan {
  /** When the server renews it of itself; null: never, whoever uses the connection does. */
  readonly refreshAt: Date | null;
  readonly expiry: ConnectionExpiry | null;
}

/**
 * Says when a token is to be renewed in the background, and when the connection ends if nothing happens.
 * Connections in use renew their access tokens as they need them, and never come due here.
 */
export function planRefresh(
  provider: Pick<DeployedProvider, 'auth' | 'hooks'>,
  { credentials, token, random = Math.random }: { credentials: Credentials; token: StoredToken; random?: () => number },
): TokenPlan {
  const way = wayToToken(provider, credentials, token);
  if (way === 'obtain') return { refreshAt: null, expiry: null };
  if (way === 'none') return planWithoutRenewal(token);
  if (token.refreshToken === undefined) return planSelfRenewal(token, random);
  const { auth } = provider;
  const idleMs = auth.mode === 'oauth2' ? toMs(auth.refreshToken.idleSeconds) : undefined;
  const rotates = auth.mode === 'mcp_oauth' || (auth.mode === 'oauth2' && auth.refreshToken.use === 'rotating');
  const { obtainedAtMs, expiresAtMs, refreshExpiresAtMs } = token;
  const delays: number[] = [];
  if (expiresAtMs !== undefined) {
    delays.push(Math.max(idleRenewalMs, expiresAtMs - obtainedAtMs - 2 * marginOf(token, expiresAtMs)));
  }
  if (idleMs !== undefined) delays.push(idleMs / 2);
  if (refreshExpiresAtMs !== undefined && rotates) delays.push((refreshExpiresAtMs - obtainedAtMs) / 2);
  const delayMs = Math.max(shortestRenewalMs, Math.min(...delays));
  const refreshAt = delays.length === 0 ? null : new Date(obtainedAtMs + delayMs * (1 - jitterShare * random()));
  return { refreshAt, expiry: forecast({ token, idleMs, rotates }) };
}

function forecast(options: {
  token: StoredToken;
  idleMs: number | undefined;
  rotates: boolean;
}): ConnectionExpiry | null {
  const { token, idleMs, rotates } = options;
  const ends: { atMs: number; cause: ConnectionExpiry['cause']; unless: ConnectionExpiry['unless'] }[] = [];
  if (idleMs !== undefined) {
    ends.push({ atMs: token.obtainedAtMs + idleMs, cause: 'refresh_token_idle', unless: 'refreshed' });
  }
  const end = token.refreshExpiresAtMs;
  // The end of a refresh token is often nothing but its idle time, counted from the last renewal.
  const isIdleEnd = end !== undefined && idleMs !== undefined && end > token.obtainedAtMs + idleMs - toleranceMs;
  if (end !== undefined && !isIdleEnd) {
    const unless = rotates ? 'refreshed' : 'reconnected';
    ends.push({ atMs: end, cause: 'refresh_token', unless });
  }
  const [first] = ends.toSorted((a, b) => a.atMs - b.atMs);
  return first ? { at: new Date(first.atMs).toISOString(), cause: first.cause, unless: first.unless } : null;
}

/**
 * A hook renews the access token with that token alone, so the connection ends with it: renewed halfway, which leaves
 * the other half for a provider that is down.
 */
function planSelfRenewal({ obtainedAtMs, expiresAtMs }: StoredToken, random: () => number): TokenPlan {
  if (expiresAtMs === undefined) return { refreshAt: null, expiry: null };
  const delayMs = Math.max(shortestRenewalMs, ((expiresAtMs - obtainedAtMs) / 2) * (1 - jitterShare * random()));
  const expiry = { at: new Date(expiresAtMs).toISOString(), cause: 'access_token', unless: 'refreshed' } as const;
  return { refreshAt: new Date(obtainedAtMs + delayMs), expiry };
}

/** The connection ends with its access token; looked at then, so that its end is known at once. */
function planWithoutRenewal({ expiresAtMs }: StoredToken): TokenPlan {
  if (expiresAtMs === undefined) return { refreshAt: null, expiry: null };
  const at = new Date(expiresAtMs);
  return { refreshAt: at, expiry: { at: at.toISOString(), cause: 'access_token', unless: 'reconnected' } };
}

function toMs(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1_000;
}
