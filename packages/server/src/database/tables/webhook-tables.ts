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
  status: Generated<'pending' | 'delivered' | 'failed'>;
  attempts: Generated<number>;
  next_attempt_at: Timestamp | null;
  last_status: number | null;
  last_error: string | null;
  created_at: CreatedAt;
  delivered_at: Timestamp | null;
}
