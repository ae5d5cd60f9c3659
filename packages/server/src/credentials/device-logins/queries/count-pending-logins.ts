import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** Logins of a network, and of everybody, that nobody has decided about. */
export async function countPendingLogins(
  database: Kysely<Schema>,
  { network, now }: { network: string; now: Date },
): Promise<{ ofNetwork: number; ofAll: number }> {
  const { rows } = await sql<{ ofNetwork: number; ofAll: number }>`
    select count(*)::int as "ofAll", (count(*) filter (where network = ${network}))::int as "ofNetwork"
    from device_logins where status = 'pending' and expires_at > ${now}`.execute(database);
  return rows[0] ?? { ofNetwork: 0, ofAll: 0 };
}
