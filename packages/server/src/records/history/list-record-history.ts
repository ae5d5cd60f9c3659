import type { Kysely } from 'kysely';
import type { Page, RecordVersion } from '@tenon/runtime/contract';
import { parseIdCursor } from '../../database/pages/parse-id-cursor.ts';
import { pageOfRows } from '../../database/pages/page-of-rows.ts';
import type { Schema } from '../../database/schema.ts';
import { findChangedPaths } from '../changed-paths/find-changed-paths.ts';
import { selectRecordVersions, type RecordVersionRow } from './queries/select-record-versions.ts';

/**
 * The versions of a record, newest first; empty for one that never was.
 * @throws TenonError `request_invalid` for a cursor that no page gave
 */
export async function listRecordHistory(
  database: Kysely<Schema>,
  options: { datasetId: number; id: string; cursor?: string | undefined; limit: number },
): Promise<Page<RecordVersion>> {
  const { datasetId, id, limit } = options;
  const before = parseIdCursor(options.cursor);
  // One more than the page: the last one is compared with it.
  const rows = await selectRecordVersions(database, { datasetId, id, before, limit: limit + 1 });
  return pageOfRows(rows, {
    limit,
    toItem: (row, index) => toVersion(row, rows[index + 1]),
    toCursor: ({ position }) => String(position),
  });
}

function toVersion(row: RecordVersionRow, older: RecordVersionRow | undefined): RecordVersion {
  const isAdded = row.position === row.added_position;
  const change = row.deleted_at ? 'deleted' : isAdded ? 'added' : 'updated';
  return {
    data: row.deleted_at ? null : row.data,
    change,
    changedPaths: changedPathsOf(row, change, older),
    at: row.updated_at.toISOString(),
    runId: row.run_id,
  };
}

function changedPathsOf(
  row: RecordVersionRow,
  change: RecordVersion['change'],
  older: RecordVersionRow | undefined,
): string[] | null {
  if (change === 'deleted') return [];
  if (change === 'added') return findChangedPaths(null, row.data);
  // What was pruned leaves a gap in the positions.
  return older?.until_position === row.position ? findChangedPaths(older.data, row.data) : null;
}
