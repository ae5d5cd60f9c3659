import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** Budgets of which a provider said something lately; what nobody used for a day is dropped. */
export async function selectToldBudgets(database: Kysely<Schema>): Promise<string[]> {
  await sql`delete from rate_budgets where used_at < now() - interval '1 day' and coalesce(blocked_until, 0) <
    extract(epoch from now()) * 1000 and coalesce(resets_at, 0) < extract(epoch from now()) * 1000`.execute(database);
  const { rows } = await sql<{ key: string }>`
    select key from rate_budgets where remaining is not null or blocked_until is not null`.execute(database);
  return rows.map(({ key }) => key);
}
