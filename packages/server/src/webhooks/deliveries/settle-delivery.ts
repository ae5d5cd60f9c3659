import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

export interface DeliverySettlement {
  readonly id: number;
  /** The attempt that this is about: a later one settles itself. */
  readonly attempts: number;
  readonly status: 'pending' | 'delivered' | 'failed';
  readonly nextAttemptAt: Date | null;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
  readonly now: Date;
}

export async function settleDelivery(database: Kysely<Schema>, settlement: DeliverySettlement): Promise<void> {
  const { id, attempts, status, nextAttemptAt, lastStatus, lastError, now } = settlement;
  await database
    .updateTable('webhook_deliveries')
    .set({
      status,
      next_attempt_at: nextAttemptAt,
      last_status: lastStatus,
      last_error: lastError,
      delivered_at: status === 'delivered' ? now : null,
    })
    .where('id', '=', id)
    .where('attempts', '=', attempts)
    .where('status', '=', 'pending')
    .execute();
}
