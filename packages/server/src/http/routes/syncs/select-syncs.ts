import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';
import type { RunRow } from '../../../engine/runs/run-row.ts';
import { runColumns } from '../../../engine/runs/run-row.ts';
import type { Schedule } from '../../../engine/schedules/next-run.ts';

export interface SyncFilter {
  readonly environmentId: number;
  readonly integration?: string | undefined;
  readonly connection?: string | undefined;
  readonly sync?: string | undefined;
  /** Only ids above this one. */
  readonly afterId?: number | undefined;
  /** What the active deployment declares; rows of others are history. */
  readonly declared: ReadonlyArray<{ readonly integration: string; readonly name: string }>;
  readonly limit: number;
}

interface SyncRow {
  readonly sync_row_id: number;
  readonly sync_integration: string;
  readonly sync: string;
  readonly connection_name: string;
  readonly schedule: Schedule | null;
  readonly paused: boolean;
  readonly next_run_at: Date | null;
}

/** Syncs of connections with their last runs (whose columns are null where there was none), oldest connection first. */
export async function selectSyncs(
  database: Kysely<Schema>,
  filter: SyncFilter,
): Promise<(SyncRow & (RunRow | { id: null }))[]> {
  const conditions = [
    sql`s.environment_id = ${filter.environmentId}`,
    sql`(s.integration, s.sync) in (select * from unnest(
      ${filter.declared.map(({ integration }) => integration)}::text[],
      ${filter.declared.map(({ name }) => name)}::text[]))`,
    ...(filter.integration === undefined ? [] : [sql`s.integration = ${filter.integration}`]),
    ...(filter.connection === undefined ? [] : [sql`c.name = ${filter.connection}`]),
    ...(filter.sync === undefined ? [] : [sql`s.sync = ${filter.sync}`]),
    ...(filter.afterId === undefined ? [] : [sql`s.id > ${filter.afterId}`]),
  ];
  const { rows } = await sql<SyncRow & (RunRow | { id: null })>`
    select s.id as sync_row_id, s.integration as sync_integration, s.sync, c.name as connection_name, s.schedule,
      s.paused, s.next_run_at, ${runColumns}
    from syncs s
    join connections c on c.id = s.connection_id
    left join runs r on r.id = s.last_run_id
    where ${sql.join(conditions, sql` and `)}
    order by s.id limit ${filter.limit}`.execute(database);
  return rows;
}
