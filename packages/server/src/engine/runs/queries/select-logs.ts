import { sql, type Kysely } from 'kysely';
import type { LogKind, LogLevel } from '@tenon/runtime/contract';
import type { Schema } from '../../../database/schema.ts';

export interface LogRow {
  readonly id: number | string;
  readonly run_id: string;
  readonly at: Date;
  readonly kind: LogKind;
  readonly level: LogLevel;
  readonly message: string;
  readonly data: Record<string, unknown> | null;
}

/** Of one run in the order of writing; of a whole environment newest first. `from` is the last id of the page before. */
export async function selectLogs(
  database: Kysely<Schema>,
  options: {
    environmentId: number;
    runId: string | undefined;
    levels: readonly LogLevel[];
    from: string | undefined;
    limit: number;
  },
): Promise<LogRow[]> {
  const ofRun = options.runId !== undefined;
  const conditions = [
    sql`environment_id = ${options.environmentId}`,
    sql`level = any(${options.levels}::text[])`,
    ...(options.runId === undefined ? [] : [sql`run_id = ${options.runId}`]),
    ...(options.from === undefined ? [] : [ofRun ? sql`id > ${options.from}` : sql`id < ${options.from}`]),
  ];
  const { rows } = await sql<LogRow>`
    select id, run_id, at, kind, level, message, data from run_logs
    where ${sql.join(conditions, sql` and `)}
    order by id ${ofRun ? sql`asc` : sql`desc`} limit ${options.limit}`.execute(database);
  return rows;
}
