import { sql, type Kysely } from 'kysely';
import type { ConnectionProblem } from '@tenon/runtime/contract';
import type { Schema } from '../../database/schema.ts';
import { eventColumns, type EventRow } from './event-columns.ts';

/**
 * Notes what is wrong with a connection, unless another token is there by now. A revoked authorisation fails the
 * connection; any other problem leaves its state. A claim ends with it.
 * @returns undefined when the version is another one
 */
export async function storeProblem(
  database: Kysely<Schema>,
  options: { connectionId: number; version: number; problem: ConnectionProblem; refreshAt: Date | null },
): Promise<EventRow | undefined> {
  const { problem } = options;
  const { rows } = await sql<EventRow>`
    update connections c
    set problem = ${JSON.stringify(problem)}::jsonb, refresh_at = ${options.refreshAt}, refresh_started_at = null,
      state = case when ${problem.class}::text = 'revoked' then 'auth_failed' else c.state end
    where c.id = ${options.connectionId} and c.token_version = ${options.version}
    returning ${eventColumns}`.execute(database);
  return rows[0];
}
