import type { Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** Everything that a connection's schedules would read is due now: it could not be read for a while. */
export async function makeSyncsDue(
  database: Kysely<Schema>,
  { connectionId, now }: { connectionId: number; now: Date },
): Promise<void> {
  await database
    .updateTable('syncs')
    .set({ next_run_at: now })
    .where('connection_id', '=', connectionId)
    .where('schedule', 'is not', null)
    .execute();
}
