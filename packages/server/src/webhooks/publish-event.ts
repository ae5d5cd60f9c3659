import { sql, type Kysely } from 'kysely';
import type { WebhookEventType } from '@tenon/runtime/contract';
import type { Schema } from '../database/schema.ts';
import { createTimeOrderedIds } from '../database/time-ordered-ids.ts';

/** Told when the outbox got something to deliver. */
export const webhookChannel = 'tenon_webhooks';

export interface NewEvent {
  readonly environmentId: number;
  readonly type: WebhookEventType;
  /** Which connection it tells of: its events are in order where an endpoint asks for that. */
  readonly connection: { readonly integration: string; readonly name: string };
  /** Goes to the receiver as it is: no secrets. */
  readonly data: Readonly<Record<string, unknown>>;
}

const createId = createTimeOrderedIds(Date.now);

/**
 * Puts an event into the outbox, for every endpoint that wants it. Called in the transaction of what it tells: either
 * both are there, or neither. An event that nobody wants leaves no row.
 * Of one connection, deliveries to ordered endpoints are numbered in the order in which they are committed: whoever
 * publishes second waits for the first's transaction, in a statement before the one that takes the numbers.
 * Due at once: cut to milliseconds, as a server's clock counts, or it would be due a moment from now.
 */
export async function publishEvent(
  transaction: Kysely<Schema>,
  { environmentId, type, connection, data }: NewEvent,
): Promise<void> {
  const id = createId();
  const lane = `${connection.integration}/${connection.name}`;
  await sql`
    select pg_advisory_xact_lock(hashtextextended(${`webhook lane ${environmentId} ${lane}`}::text, 0))
    where exists (
      select from webhook_endpoints
      where environment_id = ${environmentId} and ordered and not disabled
        and (cardinality(events) = 0 or ${type}::text = any(events)))`.execute(transaction);
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
      insert into webhook_deliveries (event_id, endpoint_id, lane, next_attempt_at)
      select event.id, wanted.id, ${lane}, date_trunc('milliseconds', now()) from event, wanted
    )
    select pg_notify(${webhookChannel}, '') from event`.execute(transaction);
}
