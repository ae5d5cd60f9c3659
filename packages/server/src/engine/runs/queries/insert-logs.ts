import { sql, type Kysely } from 'kysely';
import type { LogKind, LogLevel } from '@tenon/runtime/contract';
import type { Schema } from '../../../database/schema.ts';

export interface NewLogEntry {
  readonly environmentId: number;
  readonly runId: string;
  readonly at: Date;
  readonly kind: LogKind;
  readonly level: LogLevel;
  readonly message: string;
  /** JSON; null: none. */
  readonly data: string | null;
}

/**
 * Inserts entries of many runs, in their order. Those of a run that is gone (its connection was deleted) are left out;
 * the lock keeps the others' runs until the entries are in.
 * @returns the ids with their runs, in the order of the entries that were inserted
 */
export async function insertLogs(
  database: Kysely<Schema>,
  entries: readonly NewLogEntry[],
): Promise<Array<{ id: number | string; run_id: string }>> {
  const { rows } = await sql<{ id: number | string; run_id: string }>`
    with existing as (
      select id from runs where id = any(${[...new Set(entries.map((entry) => entry.runId))]}::uuid[]) for key share
    )
    insert into run_logs (environment_id, run_id, at, level, message, data, kind)
    select e.environment_id, e.run_id, e.at, e.level, e.message, e.data, e.kind
    from unnest(
      ${entries.map((entry) => entry.environmentId)}::int[], ${entries.map((entry) => entry.runId)}::uuid[],
      ${entries.map((entry) => entry.at)}::timestamptz[], ${entries.map((entry) => entry.level)}::text[],
      ${entries.map((entry) => entry.message)}::text[], ${entries.map((entry) => entry.data)}::jsonb[],
      ${entries.map((entry) => entry.kind)}::text[]
    ) with ordinality as e (environment_id, run_id, at, level, message, data, kind, position)
    join existing on existing.id = e.run_id
    order by e.position
    returning id, run_id`.execute(database);
  return rows;
}
