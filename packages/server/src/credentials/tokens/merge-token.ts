import type { ProviderAuth, ProviderToken } from '@tenon/runtime/provider';
import type { StoredToken } from '../seal-secrets.ts';

/**
 * What is kept after a provider answered. A provider may leave out what has not changed, or send it empty (RFC 6749
 * section 6 makes a new refresh token optional): a blank never takes the place of a value.
 * @param previous what was kept until now
 */
export function mergeToken(
  auth: ProviderAuth,
  answer: ProviderToken,
  { previous, nowMs }: { previous: StoredToken | undefined; nowMs: number },
): StoredToken {
  const refreshToken = pick(answer.refreshToken, previous?.refreshToken);
  const scopes = answer.scopes !== undefined && answer.scopes.length > 0 ? answer.scopes : previous?.scopes;
  const refreshExpiresAtMs = refreshToken === undefined ? undefined : refreshEnd(auth, answer, { previous, nowMs });
  const tokenSecret = pick(answer.tokenSecret, previous?.tokenSecret);
  const registration = answer.registration ?? previous?.registration;
  const fields = answer.fields ?? previous?.fields;
  return {
    accessToken: answer.accessToken,
    ...(answer.expiresAtMs === undefined ? {} : { expiresAtMs: answer.expiresAtMs }),
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(refreshExpiresAtMs === undefined ? {} : { refreshExpiresAtMs }),
    ...(scopes === undefined ? {} : { scopes }),
    ...(tokenSecret === undefined ? {} : { tokenSecret }),
    ...(fields === undefined ? {} : { fields }),
    ...(registration === undefined ? {} : { registration }),
    obtainedAtMs: nowMs,
  };
}

function pick(answered: string | undefined, kept: string | undefined): string | undefined {
  return answered === undefined || answered.trim() === '' ? kept : answered;
}

/** As the answer says; else as is known of the provider; else as it was known for the same refresh token. */
function refreshEnd(
  auth: ProviderAuth,
  answer: ProviderToken,
  { previous, nowMs }: { previous: StoredToken | undefined; nowMs: number },
): number | undefined {
  if (answer.refreshExpiresAtMs !== undefined) return answer.refreshExpiresAtMs;
  const isNew = answer.refreshToken !== undefined && answer.refreshToken.trim() !== '';
  const changed = isNew && answer.refreshToken !== previous?.refreshToken;
  const lifetimeSeconds = auth.mode === 'oauth2' ? auth.refreshToken.lifetimeSeconds : undefined;
  if (changed && lifetimeSeconds !== undefined) return nowMs + lifetimeSeconds * 1_000;
  return changed ? undefined : previous?.refreshExpiresAtMs;
}
