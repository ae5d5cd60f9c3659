import type { Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** 0: nothing is deployed. Deployments wait until the transaction ends; foreign keys are checked all the same. */
export async function lockActiveVersion(database: Kysely<Schema>, environmentId: number): Promise<number | undefined> {
  const row = await database
    .selectFrom('environments')
    .select('active_version')
    .where('id', '=', environmentId)
    .forNoKeyUpdate()
    .executeTakeFirst();
  return row?.active_version;
}
