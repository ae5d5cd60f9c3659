import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';
import { eventColumns, type EventRow } from './event-columns.ts';

/** The provider accepts the connection's credentials as they are. @returns undefined when nothing was wrong */
export async function clearProblem(
  database: Kysely<Schema>,
  options: { connectionId: number; refreshAt: Date | null },
): Promise<(EventRow & { readonly was_failed: boolean }) | undefined> {
  const { rows } = await sql<EventRow & { was_failed: boolean }>`
    with found as (
      select id, state from connections
      where id = ${options.connectionId} and (problem is not null or state = 'auth_failed')
      for no key update
    )
    update connections c set problem = null, state = 'active', refresh_at = ${options.refreshAt}
    from found where c.id = found.id
    returning found.state = 'auth_failed' as was_failed, ${eventColumns}`.execute(database);
  return rows[0];
}
