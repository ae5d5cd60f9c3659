import { createHmac } from 'node:crypto';
import { webhookKey } from '../endpoints/webhook-secret.ts';

export interface SignedDelivery {
  readonly id: string;
  /** Unix time in seconds of this attempt: a receiver refuses what is old, and with it replays. */
  readonly timestamp: number;
  readonly body: string;
}

/**
 * The headers of the Standard Webhooks specification. With two secrets there are two signatures, and a receiver that
 * knows either of them is content.
 */
export function signDelivery({ id, timestamp, body }: SignedDelivery, secrets: readonly string[]) {
  const signatures = secrets.map((secret) => {
    const mac = createHmac('sha256', webhookKey(secret)).update(`${id}.${timestamp}.${body}`).digest('base64');
    return `v1,${mac}`;
  });
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatures.join(' '),
  };
}
