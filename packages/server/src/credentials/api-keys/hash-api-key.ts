import { createHash } from 'node:crypto';

/** How a key is stored and looked up. Keys are long and random, so a fast hash is enough: there is nothing to guess. */
export function hashApiKey(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
