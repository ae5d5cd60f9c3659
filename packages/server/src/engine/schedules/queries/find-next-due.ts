import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** When the next sync is due; undefined: none ever. */
export async function findNextDue(database: Kysely<Schema>): Promise<Date | undefined> {
  const { rows } = await sql<{ next_run_at: Date | null }>`
    select min(next_run_at) as next_run_at from syncs where next_run_at is not null and not paused
      and waits_for is null`.execute(database);
  return rows[0]?.next_run_at ?? undefined;
}
