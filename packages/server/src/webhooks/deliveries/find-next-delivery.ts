import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';
import { isFirstOfLane } from './is-first-of-lane.ts';

/** When the earliest waiting delivery is due; undefined: none waits but for another. */
export async function findNextDelivery(database: Kysely<Schema>, busy: readonly number[]): Promise<Date | undefined> {
  const { rows } = await sql<{ next_attempt_at: Date }>`
    select d.next_attempt_at from webhook_deliveries d
    join webhook_endpoints e on e.id = d.endpoint_id
    where d.status = 'pending' and not e.disabled and d.endpoint_id <> all (${[...busy]}::bigint[])
      and ${isFirstOfLane}
    order by d.next_attempt_at
    limit 1`.execute(database);
  return rows[0]?.next_attempt_at;
}
