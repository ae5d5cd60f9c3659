import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** How many connections an integration has. */
export async function countConnections(
  database: Kysely<Schema>,
  { environmentId, integration }: { environmentId: number; integration: string },
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from connections
    where environment_id = ${environmentId} and integration = ${integration}`.execute(database);
  return rows[0]?.count ?? 0;
}

/** How many connections have one of these syncs. */
export async function countConnectionsOfSyncs(
  database: Kysely<Schema>,
  options: { environmentId: number; syncs: ReadonlyArray<{ integration: string; sync: string }> },
): Promise<number> {
  const { syncs } = options;
  if (syncs.length === 0) return 0;
  const { rows } = await sql<{ count: number }>`
    select count(distinct connection_id)::int as count from syncs
    where environment_id = ${options.environmentId} and (integration, sync) in (
      select * from unnest(
        ${syncs.map(({ integration }) => integration)}::text[], ${syncs.map(({ sync }) => sync)}::text[]))`.execute(
    database,
  );
  return rows[0]?.count ?? 0;
}
