import type { Kysely } from 'kysely';
import type { WebhookEventType } from '@tenon/runtime/contract';
import type { Schema } from '../database/schema.ts';
import { publishEvent } from '../webhooks/publish-event.ts';
import type { EventRow } from './storage/event-columns.ts';

/** Tells the app's webhooks of a connection, in the transaction of what happened to it. Nothing of it is secret. */
export async function publishConnectionEvent(
  transaction: Kysely<Schema>,
  type: WebhookEventType,
  row: EventRow,
): Promise<void> {
  await publishEvent(transaction, {
    environmentId: row.environment_id,
    type,
    connection: { integration: row.integration, name: row.name },
    data: {
      integration: row.integration,
      connection: row.name,
      endUser: row.end_user,
      metadata: row.metadata,
      state: row.state,
      problem: row.problem,
      expiry: row.expiry,
    },
  });
}
