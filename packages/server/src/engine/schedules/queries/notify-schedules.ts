import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';
import { scheduleChannel } from '../schedule-channel.ts';

/** Wakes the schedulers of all servers; within a transaction when it commits, and not at all when it does not. */
export async function notifySchedules(database: Kysely<Schema>): Promise<void> {
  await sql`select pg_notify(${scheduleChannel}, '')`.execute(database);
}
