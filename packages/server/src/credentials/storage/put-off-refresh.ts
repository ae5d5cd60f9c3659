import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** Sets when a taken refresh is tried again, unless its outcome has said so already. */
export async function putOffRefresh(
  database: Kysely<Schema>,
  options: { connectionId: number; taken: Date; refreshAt: Date },
): Promise<void> {
  await sql`
    update connections set refresh_at = ${options.refreshAt}
    where id = ${options.connectionId} and refresh_at = ${options.taken}`.execute(database);
}
