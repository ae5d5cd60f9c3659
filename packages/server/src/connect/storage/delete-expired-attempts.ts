import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** Removes up to `limit` attempts that expired before that time. @returns how many went */
export async function deleteExpiredAttempts(
  database: Kysely<Schema>,
  { before, limit }: { before: Date; limit: number },
): Promise<number> {
  const result = await sql`
    delete from connect_attempts where id in (
      select id from connect_attempts where expires_at < ${before} limit ${limit} for update skip locked)`.execute(
    database,
  );
  return Number(result.numAffectedRows ?? 0n);
}
