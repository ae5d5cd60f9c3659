import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** As long as deliveries can be looked at and sent again. */
const keptMs = 30 * 24 * 3_600_000;

/** Removes old events whose deliveries have ended, 10,000 at a time. */
export async function pruneEvents(database: Kysely<Schema>, now: Date): Promise<void> {
  await sql`
    delete from webhook_events where id in (
      select v.id from webhook_events v
      where v.created_at < ${new Date(now.getTime() - keptMs)}
        and not exists (select from webhook_deliveries d where d.event_id = v.id and d.status = 'pending')
      limit 10000
    )`.execute(database);
}
