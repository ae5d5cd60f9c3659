import { sql, type Kysely } from 'kysely';
import type { WebhookEventType } from '@tenon/runtime/contract';
import { isFirstOfLane } from './is-first-of-lane.ts';
import type { Schema } from '../../database/schema.ts';

export interface ClaimedDelivery {
  readonly id: number;
  /** Including the one that begins now. */
  readonly attempts: number;
  readonly endpoint_id: number;
  readonly url: string;
  readonly secret: Buffer;
  readonly previous_secret: Buffer | null;
  readonly event_id: string;
  readonly type: WebhookEventType;
  readonly data: Record<string, unknown>;
  readonly environment: string;
  readonly created_at: Date;
}

/**
 * Takes due deliveries for one attempt. They are due again after the lease: a process that dies in between delivers
 * late, and perhaps twice, but never not at all. Rows that another process takes at this moment are left to it.
 * @param options.busy endpoints that have enough under way, so that a slow one does not hold up the others
 */
export async function claimDeliveries(
  database: Kysely<Schema>,
  options: { now: Date; leaseMs: number; limit: number; busy: readonly number[] },
): Promise<ClaimedDelivery[]> {
  const { now, leaseMs, limit, busy } = options;
  const { rows } = await sql<ClaimedDelivery>`
    with due as (
      select d.id from webhook_deliveries d
      join webhook_endpoints e on e.id = d.endpoint_id
      where d.status = 'pending' and d.next_attempt_at <= ${now} and not e.disabled
        and d.endpoint_id <> all (${[...busy]}::bigint[])
        and ${isFirstOfLane}
      order by d.next_attempt_at, d.id
      limit ${limit}
      for update of d skip locked
    ), taken as (
      update webhook_deliveries d
      set attempts = d.attempts + 1, next_attempt_at = ${new Date(now.getTime() + leaseMs)}
      from due where d.id = due.id
      returning d.*
    )
    select taken.id, taken.attempts, taken.endpoint_id, e.url, e.secret,
      case when e.previous_secret_expires_at > ${now} then e.previous_secret end as previous_secret,
      v.id as event_id, v.type, v.data, v.created_at, n.name as environment
    from taken
    join webhook_endpoints e on e.id = taken.endpoint_id
    join webhook_events v on v.id = taken.event_id
    join environments n on n.id = v.environment_id
    order by taken.id`.execute(database);
  return rows;
}
