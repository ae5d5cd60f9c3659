import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** Ids of an environment's runs that are queued or running. */
export async function selectUnfinished(
  database: Kysely<Schema>,
  { environmentId, limit }: { environmentId: number; limit: number },
): Promise<string[]> {
  const rows = await database
    .selectFrom('runs')
    .select('id')
    .where('environment_id', '=', environmentId)
    .where('status', 'in', ['queued', 'running'])
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}
