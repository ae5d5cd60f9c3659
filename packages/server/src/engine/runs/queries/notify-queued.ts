import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

export const queuedChannel = 'tenon_queued';

/**
 * Tells the engines of all servers that queued runs may begin which could not before; within a transaction when it
 * commits, and not at all when it does not.
 */
export async function notifyQueued(database: Kysely<Schema>): Promise<void> {
  await sql`select pg_notify(${queuedChannel}, '')`.execute(database);
}
