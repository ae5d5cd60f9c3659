import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** How many connections of an integration are known to lack one of these scopes. */
export async function countConnectionsWithoutScopes(
  database: Kysely<Schema>,
  { environmentId, integration, scopes }: { environmentId: number; integration: string; scopes: readonly string[] },
): Promise<number> {
  const { count } = await database
    .selectFrom('connections')
    .select(sql<string>`count(*)`.as('count'))
    .where('environment_id', '=', environmentId)
    .where('integration', '=', integration)
    .where(sql<boolean>`not (scopes @> ${[...scopes]}::text[])`)
    .executeTakeFirstOrThrow();
  return Number(count);
}
