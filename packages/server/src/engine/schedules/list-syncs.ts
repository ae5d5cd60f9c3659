import type { Kysely } from 'kysely';
import type { Page, SyncStatus } from '@tenon/runtime/contract';
import { cursorInvalid } from '../../database/pages/cursor-invalid.ts';
import { pageOfRows } from '../../database/pages/page-of-rows.ts';
import type { Schema } from '../../database/schema.ts';
import { toRun } from '../runs/run-row.ts';
import { describeSchedule } from './describe-schedule.ts';
import { selectSyncs, type SyncRow } from './queries/select-syncs.ts';

/**
 * The syncs of all connections with their schedules and last runs; those that are declared no more are among them,
 * without a schedule.
 * @throws TenonError `request_invalid` for a cursor that no page gave
 */
export async function listSyncs(
  database: Kysely<Schema>,
  options: {
    environmentId: number;
    integration?: string | undefined;
    connection?: string | undefined;
    cursor?: string | undefined;
    limit: number;
  },
): Promise<Page<SyncStatus>> {
  const { environmentId, integration, connection, cursor, limit } = options;
  if (cursor !== undefined && !/^\d{1,18}$/.test(cursor)) throw cursorInvalid();
  const query = { environmentId, integration, connection, after: cursor, limit: limit + 1 };
  const rows = await selectSyncs(database, query);
  return pageOfRows(rows, { limit, toItem: toStatus, toCursor: (last) => String(last.sync_row_id) });
}

function toStatus(row: SyncRow): SyncStatus {
  return {
    integration: row.sync_integration,
    connection: row.connection,
    sync: row.sync,
    schedule: row.schedule && describeSchedule(row.schedule),
    scheduleSource: row.has_override ? 'connection' : 'code',
    overlap: row.overlap,
    paused: row.paused,
    waitsFor: row.sync_waits_for,
    nextRunAt: row.paused || row.sync_waits_for !== null ? null : (row.next_run_at?.toISOString() ?? null),
    lastRun: row.run && toRun(row.run),
  };
}
