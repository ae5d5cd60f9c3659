import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** How many records `findUnseen` finds. */
export async function countUnseen(transaction: Kysely<Schema>, unseen: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from ${unseen} unseen`.execute(
    transaction,
  );
  return rows[0]?.count ?? 0;
}
