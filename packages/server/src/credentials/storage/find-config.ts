import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** What the provider asks for beside credentials; empty when the connection is gone. */
export async function findConfig(database: Kysely<Schema>, connectionId: number): Promise<Record<string, string>> {
  const row = await database
    .selectFrom('connections')
    .select('config')
    .where('id', '=', connectionId)
    .executeTakeFirst();
  return row?.config ?? {};
}
