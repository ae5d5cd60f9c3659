import { sql, type Kysely } from 'kysely';
import type { WebhookDelivery } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import type { Schema } from '../../database/schema.ts';
import { webhookChannel } from '../publish-event.ts';
import { selectDeliveries, toDelivery } from './list-deliveries.ts';

/**
 * Sends an event to its endpoint again, at once and with a whole new row of attempts. The event keeps its id, by which
 * receivers tell that they know it already.
 * @throws TenonError `not_found`
 */
export async function replayDelivery(
  database: Kysely<Schema>,
  { environmentId, id }: { environmentId: number; id: number },
): Promise<WebhookDelivery> {
  const { rows } = await sql<{ id: string }>`
    with again as (
      insert into webhook_deliveries (event_id, endpoint_id, next_attempt_at)
      select d.event_id, d.endpoint_id, date_trunc('milliseconds', now()) from webhook_deliveries d
      join webhook_events v on v.id = d.event_id
      where d.id = ${id} and v.environment_id = ${environmentId}
      returning id
    )
    select id, pg_notify(${webhookChannel}, '') from again`.execute(database);
  const [made] = rows;
  if (!made) {
    throw new TenonError('not_found', `There is no webhook delivery ${id} in this environment.`, {
      hint: 'List those that are kept (30 days) with `tenon webhooks deliveries` (GET /v1/webhooks/deliveries).',
    });
  }
  const row = await selectDeliveries(database, environmentId)
    .where('webhook_deliveries.id', '=', Number(made.id))
    .executeTakeFirstOrThrow();
  return toDelivery(row);
}
