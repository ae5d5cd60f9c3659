import { sql, type Kysely } from 'kysely';
import type { ConnectionProblem } from '@tenon/runtime/contract';
import type { Schema } from '../../database/schema.ts';
import { defaultLeaseMs } from '../tokens/ask-provider.ts';
import { eventColumns, type EventRow } from './event-columns.ts';

/**
 * Notes what is wrong with a connection, unless another token is there by now. A revoked authorisation fails the
 * connection; any other problem leaves its state.
 *
 * The claim ends with it that the failure is of. Somebody else's stands: were it freed, a second process would present
 * the refresh token that the first one is presenting, and a provider that rotates would end the authorisation. While
 * such a renewal is under way nothing is noted, as it decides whether the connection works; what a process left behind
 * that is gone decides nothing.
 * @param options.claimedAt of the claim that failed; absent: the failure is of no renewal
 * @returns undefined when the version is another one, or somebody is renewing it
 */
export async function storeProblem(
  database: Kysely<Schema>,
  options: {
    connectionId: number;
    version: number;
    problem: ConnectionProblem;
    refreshAt: Date | null;
    claimedAt?: string;
  },
): Promise<EventRow | undefined> {
  const { problem, claimedAt = null } = options;
  const { rows } = await sql<EventRow>`
    update connections c
    set problem = ${JSON.stringify(problem)}::jsonb, refresh_at = ${options.refreshAt},
      refresh_started_at = nullif(c.refresh_started_at, ${claimedAt}::timestamptz),
      state = case when ${problem.class}::text = 'revoked' then 'auth_failed' else c.state end
    where c.id = ${options.connectionId} and c.token_version = ${options.version}
      and (c.refresh_started_at is null or c.refresh_started_at = ${claimedAt}::timestamptz
        or c.refresh_started_at < clock_timestamp() - ${defaultLeaseMs} * interval '1 millisecond')
    returning ${eventColumns}`.execute(database);
  return rows[0];
}
