import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** Locks that nobody gave back, because their script was killed. */
export async function deleteExpiredLocks(database: Kysely<Schema>): Promise<void> {
  await sql`delete from locks where expires_at < now()`.execute(database);
}
