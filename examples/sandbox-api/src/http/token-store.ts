import { randomBytes } from 'node:crypto';

export interface TokenStore {
  /** @returns a token that is accepted for `seconds` */
  issue(): { token: string; seconds: number };
  accepts(token: string): boolean;
  /** Every token given so far is refused from now on. */
  expireAll(): void;
}

export function createTokenStore(tokenSeconds: number, now: () => number): TokenStore {
  const expiries = new Map<string, number>();
  return {
    issue() {
      for (const [token, expiresAt] of expiries) if (expiresAt <= now()) expiries.delete(token);
      const token = `sbx_${randomBytes(24).toString('base64url')}`;
      expiries.set(token, now() + tokenSeconds * 1_000);
      return { token, seconds: tokenSeconds };
    },
    accepts: (token) => (expiries.get(token) ?? 0) > now(),
    expireAll: () => expiries.clear(),
  };
}
