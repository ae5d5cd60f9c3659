import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

export interface LivingRun {
  readonly id: string;
  readonly attempt: number;
  readonly cancel_requested: boolean;
}

/**
 * Says of all of a server's runs, in one statement, that they live. Locked in the order of their ids, as by a server
 * that takes them for lost.
 * @returns those that are still the owner's
 */
export async function beatRuns(
  database: Kysely<Schema>,
  { owner, runIds }: { owner: string; runIds: readonly string[] },
): Promise<LivingRun[]> {
  const { rows } = await sql<LivingRun>`
    update runs set heartbeat_at = now()
    where id = any(array(
        select id from runs where id = any(${runIds}::uuid[]) order by id for no key update))
      and owner = ${owner} and status = 'running'
    returning id, attempt, cancel_requested`.execute(database);
  return rows;
}
