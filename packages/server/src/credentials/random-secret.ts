import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits: more than anybody can guess, so their hash needs no salt and no slowness. */
export function generateSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** How API keys, tokens of sessions, states and cookies are kept and looked up: a dump of the database opens nothing. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
