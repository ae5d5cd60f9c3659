import type { Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** The login of this code that can still be decided about. */
export async function selectPendingLogin(database: Kysely<Schema>, { userCode, now }: { userCode: string; now: Date }) {
  return database
    .selectFrom('device_logins')
    .selectAll()
    .where('user_code', '=', userCode)
    .where('status', '=', 'pending')
    .where('expires_at', '>', now)
    .executeTakeFirst();
}

export type PendingLogin = NonNullable<Awaited<ReturnType<typeof selectPendingLogin>>>;
