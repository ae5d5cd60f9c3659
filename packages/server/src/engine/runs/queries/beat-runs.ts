import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

export interface LivingRun {
  readonly id: string;
  readonly attempt: number;
  readonly cancel_requested: boolean;
}

/** Says of all of a server's runs, in one statement, that they live. @returns those that are still the owner's */
export async function beatRuns(
  database: Kysely<Schema>,
  { owner, runIds }: { owner: string; runIds: readonly string[] },
): Promise<LivingRun[]> {
  const { rows } = await sql<LivingRun>`
    update runs set heartbeat_at = now()
    where id = any(${runIds}::uuid[]) and owner = ${owner} and status = 'running'
    returning id, attempt, cancel_requested`.execute(database);
  return rows;
}
