import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** Gives back a claim whose provider was never asked; another's is left alone. */
export async function releaseClaim(
  database: Kysely<Schema>,
  { connectionId, claimedAt }: { connectionId: number; claimedAt: string },
): Promise<void> {
  await sql`
    update connections set refresh_started_at = null
    where id = ${connectionId} and refresh_started_at = ${claimedAt}::timestamptz`.execute(database);
}
