import { randomBytes } from 'node:crypto';

const prefix = 'whsec_';

/** A new secret in the form of Standard Webhooks: 256 random bits in base64 after a prefix. */
export function createWebhookSecret(): string {
  return prefix + randomBytes(32).toString('base64');
}

/** The bytes that sign. */
export function webhookKey(secret: string): Buffer {
  return Buffer.from(secret.slice(prefix.length), 'base64');
}
