import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';
import type { ResumedSync } from '../skip-period.ts';
import { anchorMs } from './anchor-ms.ts';

/** The syncs of a connection that wait for its customer to connect again, locked until the end of the transaction. */
export async function lockWaitingSyncs(
  database: Kysely<Schema>,
  connectionId: number,
): Promise<Array<ResumedSync & { paused: boolean }>> {
  const { rows } = await sql<ResumedSync & { paused: boolean }>`
    select s.id, s.paused, coalesce(s.schedule_override, s.schedule) as schedule, ${anchorMs} as anchor_ms, s.next_run_at
    from syncs s join connections c on c.id = s.connection_id
    where s.connection_id = ${connectionId} and s.waits_for = 'reconnect'
    order by s.id
    for no key update of s`.execute(database);
  return rows;
}
