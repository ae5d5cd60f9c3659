import { sql, type Kysely } from 'kysely';
import type { Page, WebhookDelivery } from '@tenon/runtime/contract';
import { pageOfRows } from '../../database/pages/page-of-rows.ts';
import type { Schema } from '../../database/schema.ts';
import { parseIdCursor } from '../../database/pages/parse-id-cursor.ts';

export interface DeliveryQuery {
  readonly environmentId: number;
  readonly endpointId?: number | undefined;
  readonly eventId?: string | undefined;
  readonly status?: WebhookDelivery['status'] | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/**
 * Deliveries of an environment, newest first.
 * @throws TenonError `request_invalid` for a cursor that this list did not give
 */
export async function listDeliveries(database: Kysely<Schema>, query: DeliveryQuery): Promise<Page<WebhookDelivery>> {
  let select = selectDeliveries(database, query.environmentId).orderBy('webhook_deliveries.id', 'desc');
  if (query.endpointId !== undefined) select = select.where('endpoint_id', '=', query.endpointId);
  if (query.eventId !== undefined) select = select.where('event_id', '=', query.eventId);
  if (query.status !== undefined) select = select.where('status', '=', query.status);
  const beforeId = parseIdCursor(query.cursor);
  if (beforeId !== undefined) select = select.where('webhook_deliveries.id', '<', beforeId);
  const rows = await select.limit(query.limit + 1).execute();
  return pageOfRows(rows, { limit: query.limit, toItem: toDelivery, toCursor: ({ id }) => String(id) });
}

export function selectDeliveries(database: Kysely<Schema>, environmentId: number) {
  return database
    .selectFrom('webhook_deliveries')
    .innerJoin('webhook_events', 'webhook_events.id', 'webhook_deliveries.event_id')
    .where('webhook_events.environment_id', '=', environmentId)
    .select([
      'webhook_deliveries.id as id',
      'event_id',
      'type',
      'endpoint_id',
      'status',
      'attempts',
      'next_attempt_at',
      'last_status',
      'last_error',
      sql<Date>`webhook_deliveries.created_at`.as('created_at'),
      'delivered_at',
    ]);
}

type DeliveryRow = Awaited<ReturnType<ReturnType<typeof selectDeliveries>['executeTakeFirstOrThrow']>>;

export function toDelivery(row: DeliveryRow): WebhookDelivery {
  return {
    id: row.id,
    eventId: row.event_id,
    type: row.type,
    endpointId: row.endpoint_id,
    status: row.status,
    attempts: row.attempts,
    nextAttemptAt: row.next_attempt_at?.toISOString() ?? null,
    lastStatus: row.last_status,
    lastError: row.last_error,
    createdAt: row.created_at.toISOString(),
    deliveredAt: row.delivered_at?.toISOString() ?? null,
  };
}
