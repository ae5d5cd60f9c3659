import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

export interface DueRefresh {
  readonly id: number;
  readonly environment_id: number;
  readonly integration: string;
  readonly token_version: number;
}

/**
 * Takes connections whose refresh is due, the longest due first, leaving what another server takes at this moment to
 * it. What is taken is due again after the lease, in case this process disappears.
 * @param options.busy integrations, as `<environment>/<name>`, that enough is taken of
 */
export async function takeDueRefreshes(
  database: Kysely<Schema>,
  options: { now: Date; until: Date; busy: readonly string[]; limit: number },
): Promise<DueRefresh[]> {
  const { rows } = await sql<DueRefresh>`
    with due as (
      select id from connections
      where refresh_at <= ${options.now} and environment_id || '/' || integration <> all(${options.busy}::text[])
      order by refresh_at limit ${options.limit}
      for no key update skip locked
    )
    update connections c set refresh_at = ${options.until} from due where c.id = due.id
    returning c.id, c.environment_id, c.integration, c.token_version`.execute(database);
  return rows;
}
