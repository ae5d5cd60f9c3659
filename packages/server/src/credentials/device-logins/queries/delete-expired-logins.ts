import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** What is over is kept a little, so that a late question hears how it ended. */
const keptSeconds = 600;

/** Removes logins that have been over for a while. */
export async function deleteExpiredLogins(database: Kysely<Schema>, now: Date): Promise<void> {
  await sql`
    delete from device_logins
    where expires_at < ${now}::timestamptz - make_interval(secs => ${keptSeconds})`.execute(database);
}
