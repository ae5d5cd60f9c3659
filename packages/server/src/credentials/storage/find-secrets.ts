import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** What using a connection needs: its encrypted secrets, and what they are for. */
export async function findSecrets(database: Kysely<Schema>, connectionId: number) {
  return database
    .selectFrom('connections')
    .select(['environment_id', 'integration', 'name', 'config', 'credentials', 'token'])
    .where('id', '=', connectionId)
    .executeTakeFirst();
}

export type SecretsRow = NonNullable<Awaited<ReturnType<typeof findSecrets>>>;
