import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** What may be shown of an environment's variables. */
export async function selectVariables(database: Kysely<Schema>, { environmentId }: { environmentId: number }) {
  return database
    .selectFrom('variables')
    .select(['name', 'updated_at'])
    .where('environment_id', '=', environmentId)
    .execute();
}
