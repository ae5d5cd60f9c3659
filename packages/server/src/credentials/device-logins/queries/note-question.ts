import type { Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** Remembers that the key of a login was asked for, and how long to wait until it may be again. */
export async function noteQuestion(
  database: Kysely<Schema>,
  { id, askedAt, intervalSeconds }: { id: number; askedAt: Date; intervalSeconds: number },
): Promise<void> {
  await database
    .updateTable('device_logins')
    .set({ asked_at: askedAt, interval_seconds: intervalSeconds })
    .where('id', '=', id)
    .execute();
}
