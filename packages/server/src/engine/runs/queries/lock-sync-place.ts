import { sql, type Kysely } from 'kysely';
import type { Overlap } from '@tenon/runtime/contract';
import type { Schema } from '../../../database/schema.ts';

/** Where a run of a sync belongs. */
export interface SyncPlace {
  readonly active_version: number;
  /** null: the environment has no such connection. */
  readonly connection_id: number | string | null;
  /** null: the connection has no such sync. */
  readonly sync_id: number | string | null;
  readonly overlap: Overlap | null;
  /** The customer has to connect again; null: no. */
  readonly auth_failed: { readonly message?: string } | null;
}

/**
 * A sync of a connection, locked until the end of the transaction: before its runs, as the scheduler does it; the other
 * way round the two would wait for each other.
 * @returns undefined when there is no such environment
 */
export async function lockSyncPlace(
  database: Kysely<Schema>,
  names: { environmentId: number; integration: string; connection: string; sync: string },
): Promise<SyncPlace | undefined> {
  const { rows } = await sql<SyncPlace>`
    with held as (
      select s.id, s.connection_id, s.overlap from syncs s join connections c on c.id = s.connection_id
      where c.environment_id = ${names.environmentId} and c.integration = ${names.integration}
        and c.name = ${names.connection} and s.sync = ${names.sync}
      for no key update of s
    )
    select e.active_version, c.id as connection_id, s.id as sync_id, s.overlap,
      case when c.state = 'auth_failed' then coalesce(c.problem, '{}') end as auth_failed
    from environments e
    left join connections c
      on c.environment_id = e.id and c.integration = ${names.integration} and c.name = ${names.connection}
    left join held s on s.connection_id = c.id
    where e.id = ${names.environmentId}`.execute(database);
  return rows[0];
}
