import { sql, type Kysely } from 'kysely';
import type { ConnectionProblem } from '@tenon/runtime/contract';
import type { Schema } from '../../database/schema.ts';

export interface SecretsRow {
  /** Of the connection that the secrets belong to: of a borrowed one, its lender. */
  readonly id: number;
  readonly environment_id: number;
  readonly integration: string;
  readonly state: 'active' | 'auth_failed';
  readonly problem: ConnectionProblem | null;
  readonly token_version: number;
  /** Of the row as it is: another one with every change. */
  readonly revision: string;
  /** null: as they were in the known revision. */
  readonly credentials: Buffer | null;
  readonly token: Buffer | null;
}

/**
 * What using a connection needs. Its secrets come only when the row is not the known revision: Postgres writes a new
 * row version with every update, so its xmin tells one from another.
 * @param options.known the revision whose secrets the caller has
 */
export async function findSecrets(
  database: Kysely<Schema>,
  { connectionId, known }: { connectionId: number; known: string | undefined },
): Promise<SecretsRow | undefined> {
  const { rows } = await sql<SecretsRow>`
    select l.id, l.environment_id, l.integration, l.state, l.problem, l.token_version, l.xmin::text as revision,
      case when l.xmin::text is distinct from ${known ?? null}::text then l.credentials end as credentials,
      case when l.xmin::text is distinct from ${known ?? null}::text then l.token end as token
    from connections c join connections l on l.id = coalesce(c.lender_id, c.id)
    where c.id = ${connectionId}`.execute(database);
  return rows[0];
}
