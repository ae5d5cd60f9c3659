import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** The connections of previews that have their credentials of this one. */
export async function selectBorrowers(
  database: Kysely<Schema>,
  lenderId: number,
): Promise<Array<{ environmentId: number; integration: string; name: string }>> {
  return database
    .selectFrom('connections')
    .select(['environment_id as environmentId', 'integration', 'name'])
    .where('lender_id', '=', lenderId)
    .orderBy('id')
    .execute();
}
