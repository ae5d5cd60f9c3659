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

/** What narrows a list of log lines. */
export interface LogFilter {
  readonly runId?: string | undefined;
  readonly kind?: LogKind | undefined;
  /** Words of the message, in any order; each may be the beginning of one. */
  readonly search?: string | undefined;
  readonly integration?: string | undefined;
  readonly connection?: string | undefined;
  readonly function?: string | undefined;
  /** ISO 8601 times; `before` is not included. */
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}

/** Of one run in the order of writing; of a whole environment newest first. `from` is the last id of the page before. */
export async function selectLogs(
  database: Kysely<Schema>,
  options: {
    environmentId: number;
    filter: LogFilter;
    levels: readonly LogLevel[];
    from: string | undefined;
    limit: number;
  },
): Promise<LogRow[]> {
  const { filter, from } = options;
  const ofRun = filter.runId !== undefined;
  const words = filter.search === undefined ? undefined : toWordQuery(filter.search);
  const runConditions = [
    ...(filter.integration === undefined ? [] : [sql`r.integration = ${filter.integration}`]),
    ...(filter.function === undefined ? [] : [sql`r.function = ${filter.function}`]),
    ...(filter.connection === undefined ? [] : [sql`c.name = ${filter.connection}`]),
  ];
  const ofRuns = sql`exists (
    select from runs r join connections c on c.id = r.connection_id
    where r.id = l.run_id and ${sql.join(runConditions, sql` and `)})`;
  const conditions = [
    sql`l.environment_id = ${options.environmentId}`,
    sql`l.level = any(${options.levels}::text[])`,
    ...(filter.runId === undefined ? [] : [sql`l.run_id = ${filter.runId}`]),
    ...(filter.kind === undefined ? [] : [sql`l.kind = ${filter.kind}`]),
    ...(filter.after === undefined ? [] : [sql`l.at >= ${filter.after}::timestamptz`]),
    ...(filter.before === undefined ? [] : [sql`l.at < ${filter.before}::timestamptz`]),
    ...(words === undefined ? [] : [sql`${wordsOfMessage} @@ to_tsquery('simple', ${words})`]),
    ...(runConditions.length === 0 ? [] : [ofRuns]),
    ...(from === undefined ? [] : [ofRun ? sql`l.id > ${from}` : sql`l.id < ${from}`]),
  ];
  const { rows } = await sql<LogRow>`
    select l.id, l.run_id, l.at, l.kind, l.level, l.message, l.data from run_logs l
    where ${sql.join(conditions, sql` and `)}
    order by l.id ${ofRun ? sql`asc` : sql`desc`} limit ${options.limit}`.execute(database);
  return rows;
}

/** As in the index run_logs_words, which serves it. */
const wordsOfMessage = sql`to_tsvector('simple', translate(l.message, '/?=&.:@_+%#-', '            '))`;

/** All of the words, each as a prefix; a sign parts words. */
function toWordQuery(search: string): string | undefined {
  const words = search.split(/[^\p{L}\p{M}\p{N}]+/u).filter((word) => word !== '');
  return words.length === 0 ? undefined : words.map((word) => `'${word}':*`).join(' & ');
}
