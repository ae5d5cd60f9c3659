import { sql, type Kysely } from 'kysely';
import type { Overlap } from '@tenon/runtime/contract';
import type { Schema } from '../../../database/schema.ts';
import { runColumns, type RunRow } from '../../runs/run-row.ts';
import type { Schedule } from '../next-run.ts';

export interface SyncRow {
  readonly sync_row_id: number | string;
  readonly sync_integration: string;
  readonly sync: string;
  readonly schedule: Schedule | null;
  readonly has_override: boolean;
  readonly overlap: Overlap;
  readonly paused: boolean;
  readonly sync_waits_for: 'reconnect' | 'preview' | null;
  readonly next_run_at: Date | null;
  readonly connection: string;
  /** null: it never ran. */
  readonly run: RunRow | null;
}

/** By id; `after` is the id of the last row of the page before. */
export async function selectSyncs(
  database: Kysely<Schema>,
  options: {
    environmentId: number;
    integration: string | undefined;
    connection: string | undefined;
    after: string | undefined;
    limit: number;
  },
): Promise<SyncRow[]> {
  const conditions = [
    sql`s.environment_id = ${options.environmentId}`,
    ...(options.integration === undefined ? [] : [sql`s.integration = ${options.integration}`]),
    ...(options.connection === undefined ? [] : [sql`c.name = ${options.connection}`]),
    ...(options.after === undefined ? [] : [sql`s.id > ${options.after}`]),
  ];
  const { rows } = await sql<Omit<SyncRow, 'run'> & (RunRow | { id: null })>`
    select s.id as sync_row_id, s.integration as sync_integration, s.sync,
      case when s.schedule is not null or s.next_run_at is not null then coalesce(s.schedule_override, s.schedule) end
        as schedule, s.schedule_override is not null as has_override, s.overlap,
      s.paused, s.waits_for as sync_waits_for, s.next_run_at,
      ${runColumns}
    from syncs s join connections c on c.id = s.connection_id left join runs r on r.id = s.last_run_id
    where ${sql.join(conditions, sql` and `)} order by s.id limit ${options.limit}`.execute(database);
  return rows.map((row) => ({
    sync_row_id: row.sync_row_id,
    sync_integration: row.sync_integration,
    sync: row.sync,
    schedule: row.schedule,
    has_override: row.has_override,
    overlap: row.overlap,
    paused: row.paused,
    sync_waits_for: row.sync_waits_for,
    next_run_at: row.next_run_at,
    connection: row.connection,
    run: row.id === null ? null : row,
  }));
}
