import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** When the next refresh is due; undefined: none ever. */
export async function findNextRefresh(database: Kysely<Schema>): Promise<Date | undefined> {
  const { rows } = await sql<{ refresh_at: Date | null }>`
    select min(refresh_at) as refresh_at from connections where refresh_at is not null`.execute(database);
  return rows[0]?.refresh_at ?? undefined;
}
