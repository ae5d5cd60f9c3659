import { sql } from 'kysely';
import type { Run, RunCounts, RunError, RunStatus } from '@tenon/runtime/contract';

/** A run as the queries of this room read it: `runColumns` over `r` (runs) and `c` (its connection). */
export interface RunRow {
  readonly id: string;
  readonly environment_id: number;
  readonly connection_id: number | string;
  readonly sync_id: number | string | null;
  readonly kind: 'sync' | 'action';
  readonly integration: string;
  readonly function: string;
  readonly version: number;
  readonly trigger: Run['trigger'];
  readonly status: RunStatus;
  readonly lane: 'live' | 'webhook' | 'backfill' | 'replay';
  readonly attempt: number;
  readonly losses: number;
  readonly waits_for: Run['waitsFor'];
  readonly not_before: Date | null;
  readonly due_at: Date;
  readonly counts: RunCounts;
  readonly error: RunError | null;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
  /** The connection's name, which is its id to the outside. */
  readonly connection: string;
}

export const runColumns = sql`r.id, r.environment_id, r.connection_id, r.sync_id, r.kind, r.integration, r.function,
  r.version, r.trigger, r.lane, r.status, r.attempt, r.losses, r.waits_for, r.not_before, r.due_at, r.counts, r.error,
  r.created_at, r.started_at, r.finished_at, c.name as connection`;

export const noCounts: RunCounts = { read: 0, added: 0, updated: 0, unchanged: 0, deleted: 0, quarantined: 0, held: 0 };

/** A run as the API shows it. */
export function toRun(row: RunRow): Run {
  return {
    id: row.id,
    kind: row.kind,
    integration: row.integration,
    function: row.function,
    connection: row.connection,
    trigger: row.trigger,
    version: row.version,
    status: row.status,
    attempt: row.attempt,
    counts: row.counts,
    error: row.error,
    waitsFor: row.waits_for,
    notBefore: row.not_before?.toISOString() ?? null,
    dueAt: row.due_at.toISOString(),
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
  };
}
