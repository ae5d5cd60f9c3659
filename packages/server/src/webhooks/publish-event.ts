import { sql, type Kysely } from 'kysely';
import type { WebhookEventType } from '@tenon/runtime/contract';
import type { Schema } from '../database/schema.ts';
import { createTimeOrderedIds } from '../database/time-ordered-ids.ts';

/** Told when the outbox got something to deliver. */
export const webhookChannel = 'tenon_webhooks';

export interface NewEvent {
  readonly environmentId: number;
  readonly type: WebhookEventType;
  /** Goes to the receiver as it is: no secrets. */
  readonly data: Readonly<Record<string, unknown>>;
}

const createId = createTimeOrderedIds(Date.now);

/**
 * Puts an event into the outbox, for every endpoint that wants it. Called in the transaction of what it tells: either
 * both are there, or neither. An event that nobody wants leaves no row.
 * Due at once: cut to milliseconds, as a server's clock counts, or it would be due a moment from now.
 */
export async function publishEvent(
  transaction: Kysely<Schema>,
  { environmentId, type, data }: NewEvent,
): Promise<void> {
  const id = createId();
  await sql`
    with wanted as (
      select id from webhook_endpoints
      where environment_id = ${environmentId} and not disabled
        and (cardinality(events) = 0 or ${type}::text = any(events))
    ), event as (
      insert into webhook_events (id, environment_id, type, data)
      select ${id}::uuid, ${environmentId}::int, ${type}::text, ${JSON.stringify(data)}::jsonb
      where exists (select from wanted)
      returning id
    ), delivery as (
      insert into webhook_deliveries (event_id, endpoint_id, next_attempt_at)
      select event.id, wanted.id, date_trunc('milliseconds', now()) from event, wanted
    )
    select pg_notify(${webhookChannel}, '') from event`.execute(transaction);
}
