import { sql, type Kysely } from 'kysely';
import type { RunStatus } from '@tenon/runtime/contract';
import type { Schema } from '../../../database/schema.ts';
import { runColumns, type RunRow } from '../run-row.ts';

export interface RunFilter {
  readonly integration?: string | undefined;
  readonly connection?: string | undefined;
  readonly function?: string | undefined;
  readonly status?: RunStatus | undefined;
}

/**
 * Newest first; what has another name since is found by both, the one it ran under and the one it has.
 * `before` is the id of the last run of the page before.
 */
export async function selectRuns(
  database: Kysely<Schema>,
  options: { environmentId: number; filter: RunFilter; before: string | undefined; limit: number },
): Promise<RunRow[]> {
  const { filter } = options;
  const conditions = [
    sql`r.environment_id = ${options.environmentId}`,
    ...(filter.integration === undefined
      ? []
      : [sql`(r.integration = ${filter.integration} or c.integration = ${filter.integration})`]),
    ...(filter.connection === undefined ? [] : [sql`c.name = ${filter.connection}`]),
    ...(filter.function === undefined
      ? []
      : [
          sql`(r.function = ${filter.function} or r.sync_id in (
            select id from syncs where environment_id = ${options.environmentId} and sync = ${filter.function}))`,
        ]),
    ...(filter.status === undefined ? [] : [sql`r.status = ${filter.status}`]),
    ...(options.before === undefined ? [] : [sql`r.id < ${options.before}`]),
  ];
  const { rows } = await sql<RunRow>`
    select ${runColumns} from runs r join connections c on c.id = r.connection_id
    where ${sql.join(conditions, sql` and `)} order by r.id desc limit ${options.limit}`.execute(database);
  return rows;
}
