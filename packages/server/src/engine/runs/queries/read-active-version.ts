import type { Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** 0: nothing is deployed; undefined: there is no such environment. */
export async function readActiveVersion(database: Kysely<Schema>, environmentId: number): Promise<number | undefined> {
  const row = await database
    .selectFrom('environments')
    .select('active_version')
    .where('id', '=', environmentId)
    .executeTakeFirst();
  return row?.active_version;
}
