import type { Kysely } from 'kysely';
import type { Schema } from '../schema.ts';

/** The environment's active version; 0: nothing is deployed. */
export async function readActiveVersion(database: Kysely<Schema>, environmentId: number): Promise<number> {
  const row = await database
    .selectFrom('environments')
    .select('active_version')
    .where('id', '=', environmentId)
    .executeTakeFirst();
  return row?.active_version ?? 0;
}
