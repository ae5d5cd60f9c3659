import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/**
 * Takes a lock that nobody holds: there is none, its time is over, or the run that took it has ended. Times are the
 * database's, so that servers need not agree on theirs.
 * @returns false when another run holds it, or the attempt that asks is over: it would keep out the next one
 */
export async function takeLock(
  database: Kysely<Schema>,
  lock: {
    environmentId: number;
    connectionId: number | string;
    name: string;
    token: string;
    runId: string;
    attempt: number;
    ttlMs: number;
  },
): Promise<boolean> {
  const { rows } = await sql`
    insert into locks as l (environment_id, connection_id, name, token, run_id, expires_at)
    select ${lock.environmentId}::int, ${lock.connectionId}::bigint, ${lock.name}::text, ${lock.token}::uuid, id,
      now() + ${lock.ttlMs}::float8 * interval '1 millisecond'
    from runs where id = ${lock.runId} and attempt = ${lock.attempt} and status = 'running'
    on conflict (environment_id, connection_id, name) do update
    set token = excluded.token, run_id = excluded.run_id, expires_at = excluded.expires_at
    where l.expires_at < now() or not exists (select from runs r where r.id = l.run_id and r.status = 'running')
    returning token`.execute(database);
  return rows.length === 1;
}
