import { sql } from 'kysely';

/**
 * Whether a delivery `d` to its endpoint `e` waits for no other: the endpoint is not ordered, or every earlier delivery
 * of the same connection has ended, delivered or given up.
 */
export const isFirstOfLane = sql<boolean>`not (e.ordered and d.lane is not null and exists (
  select from webhook_deliveries earlier
  where earlier.endpoint_id = d.endpoint_id and earlier.lane = d.lane and earlier.status = 'pending'
    and earlier.id < d.id))`;
