import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** What the provider asks for beside credentials, of a borrowed one its lender's; empty when the connection is gone. */
export async function findConfig(database: Kysely<Schema>, connectionId: number): Promise<Record<string, string>> {
  const row = await database
    .selectFrom('connections as c')
    .innerJoin('connections as lender', (join) => join.on(sql<boolean>`lender.id = coalesce(c.lender_id, c.id)`))
    .select('lender.config')
    .where('c.id', '=', connectionId)
    .executeTakeFirst();
  return row?.config ?? {};
}
