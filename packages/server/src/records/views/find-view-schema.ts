import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

export async function findEnvironmentName(database: Kysely<Schema>, environmentId: number): Promise<string> {
  const row = await database
    .selectFrom('environments')
    .select('name')
    .where('id', '=', environmentId)
    .executeTakeFirstOrThrow();
  return row.name;
}
