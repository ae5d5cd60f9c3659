import { sql, type Kysely } from 'kysely';
import type { ConnectionExpiry, ConnectionProblem } from '@tenon/runtime/contract';
import type { Schema } from '../../database/schema.ts';

export interface ProblemRow {
  readonly problem: ConnectionProblem | null;
  readonly state: 'active' | 'auth_failed';
  readonly token_version: number;
  readonly expiry: ConnectionExpiry | null;
}

/** What is known to be wrong with a connection, locked until the transaction ends. */
export async function lockProblem(database: Kysely<Schema>, connectionId: number): Promise<ProblemRow | undefined> {
  const { rows } = await sql<ProblemRow>`
    select problem, state, token_version, expiry from connections where id = ${connectionId}
    for no key update`.execute(database);
  return rows[0];
}
