import { randomBytes } from 'node:crypto';

/** A new API key: 256 random bits after a prefix that secret scanners can find. */
export function generateApiKey(): string {
  return `tnn_${randomBytes(32).toString('base64url')}`;
}
