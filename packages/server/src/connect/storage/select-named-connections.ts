import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** What an end user has connected already, by integration. */
export async function selectNamedConnections(
  database: Kysely<Schema>,
  { environmentId, name }: { environmentId: number; name: string },
) {
  return database
    .selectFrom('connections')
    .select(['integration', 'config', 'settings'])
    .where('environment_id', '=', environmentId)
    .where('name', '=', name)
    .orderBy('integration')
    .execute();
}
