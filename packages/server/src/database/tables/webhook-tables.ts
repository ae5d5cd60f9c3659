import type { Generated } from 'kysely';
import type { WebhookEventType } from '@tenon/runtime/contract';
import type { CreatedAt, Json, Timestamp } from './column-types.ts';

export interface WebhookEndpointsTable {
  id: Generated<number>;
  environment_id: number;
  url: string;
  /** Empty: all. */
  events: WebhookEventType[];
  description: string | null;
  /** Envelope. */
  secret: Buffer;
  previous_secret: Buffer | null;
  previous_secret_expires_at: Timestamp | null;
  /** Deliveries of one lane go one after the other. */
  ordered: Generated<boolean>;
  disabled: Generated<boolean>;
  created_at: CreatedAt;
}

export interface WebhookEventsTable {
  id: string;
  environment_id: number;
  type: WebhookEventType;
  data: Json<Record<string, unknown>>;
  created_at: CreatedAt;
}

export interface WebhookDeliveriesTable {
  id: Generated<number>;
  event_id: string;
  endpoint_id: number;
  /** The connection that the event tells of; null: it waits for none, such as a replay. */
  lane: string | null;
  status: Generated<'pending' | 'delivered' | 'failed'>;
  attempts: Generated<number>;
  next_attempt_at: Timestamp | null;
  last_status: number | null;
  last_error: string | null;
  created_at: CreatedAt;
  delivered_at: Timestamp | null;
}
