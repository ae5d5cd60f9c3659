import { sql, type Kysely } from 'kysely';
import type { ConnectionProblem } from '@tenon/runtime/contract';
import { flushedLater } from '../../database/flushed-later.ts';
import type { Schema } from '../../database/schema.ts';

export interface ClaimedRenewal {
  readonly environment_id: number;
  readonly integration: string;
  readonly config: Record<string, string>;
  readonly credentials: Buffer;
  readonly token: Buffer | null;
  readonly problem: ConnectionProblem | null;
  /** The version of the token that is to be replaced. */
  readonly token_version: number;
  /** Names this claim. */
  readonly claimed_at: string;
  /** When a renewal began that never came to an end; null: there was none. */
  readonly interrupted_at: Date | null;
}

/**
 * Notes, before a provider is asked, that somebody asks it: committed with this statement. The row is locked while it
 * is looked at, so of all processes that need a token one gets the claim; the others find it taken. A claim that is
 * older than its lease was left behind by a process that is gone. Every process sees the claim at once; only a crash of
 * Postgres itself, within half a second, can take it away before it is flushed.
 * @param options.version of the token that is known not to do any more
 * @returns undefined when another process has the claim, the token is another one by now, or the connection is gone
 */
export async function claimRenewal(
  database: Kysely<Schema>,
  options: { connectionId: number; version: number; leaseMs: number },
): Promise<ClaimedRenewal | undefined> {
  const { rows } = await sql<ClaimedRenewal>`
    with found as (
      select id, refresh_started_at from connections
      where id = ${options.connectionId} and token_version = ${options.version}
        and (refresh_started_at is null
          or refresh_started_at < clock_timestamp() - ${options.leaseMs} * interval '1 millisecond')
      for no key update
    )
    update connections c set refresh_started_at = clock_timestamp()
    from found
    where c.id = found.id and ${flushedLater}
    returning c.environment_id, c.integration, c.config, c.credentials, c.token, c.problem, c.token_version,
      c.refresh_started_at::text as claimed_at, found.refresh_started_at as interrupted_at`.execute(database);
  return rows[0];
}
