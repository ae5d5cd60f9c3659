import type { Insertable, Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** @returns false when another login has the same code for the person */
export async function insertLogin(
  database: Kysely<Schema>,
  row: Insertable<Schema['device_logins']>,
): Promise<boolean> {
  const made = await database
    .insertInto('device_logins')
    .values(row)
    .onConflict((conflict) => conflict.column('user_code').doNothing())
    .returning('id')
    .executeTakeFirst();
  return made !== undefined;
}
