import type { Kysely } from 'kysely';
import type { ErrorBody } from '@tenon/runtime/contract';
import type { Schema } from '../../database/schema.ts';

/** Notes how an attempt ended; the verifier and the like have served then and go. */
export async function finishAttempt(
  database: Kysely<Schema>,
  end: { id: string; error: ErrorBody['error'] | null; now: Date },
): Promise<void> {
  await database
    .updateTable('connect_attempts')
    .set({
      status: end.error ? 'failed' : 'succeeded',
      error: end.error && JSON.stringify(end.error),
      pending: null,
      finished_at: end.now,
    })
    .where('id', '=', end.id)
    .execute();
}
