import type { Kysely } from 'kysely';
import { TenonError } from '@tenon/runtime/errors';
import type { LogEntry, LogLevel, Page, Run } from '@tenon/runtime/contract';
import { cursorInvalid } from '../../database/pages/cursor-invalid.ts';
import { pageOfRows } from '../../database/pages/page-of-rows.ts';
import type { Schema } from '../../database/schema.ts';
import { selectLogs, type LogFilter, type LogRow } from './queries/select-logs.ts';
import { selectRun } from './queries/select-run.ts';
import { selectRuns, type RunFilter } from './queries/select-runs.ts';
import { toRun } from './run-row.ts';

interface ListOptions {
  readonly environmentId: number;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

export interface LogQuery extends LogFilter {
  /** This level and the more severe ones. */
  readonly level?: LogLevel | undefined;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** @throws TenonError `not_found` */
export async function getRun(
  database: Kysely<Schema>,
  { environmentId, runId }: { environmentId: number; runId: string },
): Promise<Run> {
  const row = isRunId(runId) ? await selectRun(database, { environmentId, runId }) : undefined;
  if (row) return toRun(row);
  throw runMissing(runId);
}

/** Newest first. @throws TenonError `request_invalid` for a cursor that no page gave */
export async function listRuns(database: Kysely<Schema>, options: ListOptions & RunFilter): Promise<Page<Run>> {
  const { environmentId, cursor, limit, ...filter } = options;
  if (cursor !== undefined && !isRunId(cursor)) throw cursorInvalid();
  const rows = await selectRuns(database, { environmentId, filter, before: cursor, limit: limit + 1 });
  return pageOfRows(rows, { limit, toItem: toRun, toCursor: ({ id }) => id });
}

/**
 * The lines of one run in the order of writing, or those of all runs newest first.
 * @throws TenonError `request_invalid` for a cursor that no page gave
 */
export async function listLogs(database: Kysely<Schema>, options: ListOptions & LogQuery): Promise<Page<LogEntry>> {
  const { environmentId, cursor, limit, level, ...filter } = options;
  const { runId } = filter;
  if (cursor !== undefined && !/^\d{1,18}$/.test(cursor)) throw cursorInvalid();
  if (runId !== undefined && !isRunId(runId)) throw runMissing(runId);
  const rows = await selectLogs(database, {
    environmentId,
    filter,
    levels: level === undefined ? levels : levels.slice(levels.indexOf(level)),
    from: cursor,
    limit: limit + 1,
  });
  return pageOfRows(rows, { limit, toItem: toLogEntry, toCursor: ({ id }) => String(id) });
}

export function isRunId(text: string): boolean {
  return uuid.test(text);
}

export function runMissing(runId: string): TenonError {
  return new TenonError('not_found', `There is no run ${runId} in this environment.`, {
    hint: 'List the runs with `tenon runs`.',
  });
}

function toLogEntry(row: LogRow): LogEntry {
  return {
    id: String(row.id),
    runId: row.run_id,
    at: row.at.toISOString(),
    kind: row.kind,
    level: row.level,
    message: row.message,
    data: row.data,
  };
}
