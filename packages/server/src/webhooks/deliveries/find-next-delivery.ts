import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** When the earliest waiting delivery is due; undefined: none waits. */
export async function findNextDelivery(database: Kysely<Schema>, busy: readonly number[]): Promise<Date | undefined> {
  let query = database
    .selectFrom('webhook_deliveries')
    .innerJoin('webhook_endpoints', 'webhook_endpoints.id', 'webhook_deliveries.endpoint_id')
    .select('webhook_deliveries.next_attempt_at')
    .where('webhook_deliveries.status', '=', 'pending')
    .where('webhook_endpoints.disabled', '=', false)
    .orderBy('webhook_deliveries.next_attempt_at')
    .limit(1);
  if (busy.length > 0) query = query.where('webhook_deliveries.endpoint_id', 'not in', [...busy]);
  return (await query.executeTakeFirst())?.next_attempt_at ?? undefined;
}
