import type { z } from 'zod';
import type { expiryFormatSchema } from '../../provider/auth/token-answer.ts';
import { readPath } from '../../provider/read-path.ts';

type ExpiryFormat = z.infer<typeof expiryFormatSchema>;

/** Further away than this is "never", or a mistake; and beyond 8.64e15 ms there are no dates. */
const longestLifetimeMs = 100 * 365 * 86_400_000;

function checkMoment(atMs: number, nowMs: number): number | undefined {
  return Number.isFinite(atMs) && atMs > nowMs && atMs - nowMs <= longestLifetimeMs ? Math.floor(atMs) : undefined;
}

/** ISO 8601 without a zone is taken for UTC, and not for where this server happens to be. */
function readDate(text: string): number {
  const withoutZone = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(text.trim());
  return Date.parse(withoutZone ? `${text.trim().replace(' ', 'T')}Z` : text);
}

/**
 * Reads when something ends.
 * @returns Unix time in milliseconds; undefined for what is blank, no number or date, past, or over a hundred years off
 */
export function readMoment(value: unknown, format: ExpiryFormat, nowMs: number): number | undefined {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  if (typeof value === 'string' && value.trim() === '') return undefined;
  if (format === 'date') return typeof value === 'string' ? checkMoment(readDate(value), nowMs) : undefined;
  const number = Number(value);
  switch (format) {
    case 'seconds':
      return checkMoment(nowMs + number * 1_000, nowMs);
    case 'milliseconds':
      return checkMoment(nowMs + number, nowMs);
    case 'unix_seconds':
      return checkMoment(number * 1_000, nowMs);
    case 'unix_milliseconds':
      return checkMoment(number, nowMs);
  }
}

/** The `exp` of a JWT (RFC 7519 section 4.1.4) without checking its signature: it only says when to renew. */
function readJwtExpiry(token: string, nowMs: number): number | undefined {
  const payload = token.split('.')[1];
  if (payload === undefined) return undefined;
  try {
    const exp = readPath(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')), 'exp');
    return typeof exp === 'number' ? readMoment(exp, 'unix_seconds', nowMs) : undefined;
  } catch {
    return undefined; // Not a JWT: most tokens are opaque.
  }
}

/**
 * When an access token ends: what the answer says, else the token's own `exp`, else the provider's default, else
 * unknown, which means until it is refused.
 */
export function readTokenExpiry(
  accessToken: string,
  options: { said: unknown; format: ExpiryFormat; defaultSeconds: number | undefined; nowMs: number },
): number | undefined {
  const { said, format, defaultSeconds, nowMs } = options;
  return (
    readMoment(said, format, nowMs) ??
    readJwtExpiry(accessToken, nowMs) ??
    (defaultSeconds === undefined ? undefined : nowMs + defaultSeconds * 1_000)
  );
}
