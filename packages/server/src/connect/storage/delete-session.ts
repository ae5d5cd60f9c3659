import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** Its attempts go with it. @returns whether it was there */
export async function deleteSession(
  database: Kysely<Schema>,
  { id, environmentId }: { id: number; environmentId: number },
): Promise<boolean> {
  const { numDeletedRows } = await database
    .deleteFrom('connect_sessions')
    .where('id', '=', id)
    .where('environment_id', '=', environmentId)
    .executeTakeFirstOrThrow();
  return numDeletedRows > 0n;
}
