import type { RecordDifference } from '@tenon/runtime/contract';
import { findChangedPaths } from '../changed-paths/find-changed-paths.ts';

type Data = Record<string, unknown>;

/** A record at two points of the history. */
export interface DifferenceRow {
  readonly dataset_id: number;
  readonly model: string;
  readonly external_id: string;
  /** null: it was not there, or was deleted, or is not kept. */
  readonly before: Data | null;
  readonly after: Data | null;
  readonly before_kept: boolean;
  readonly after_kept: boolean;
}

export function toDifference(row: DifferenceRow): RecordDifference {
  const { before, after } = row;
  const isKept = row.before_kept && row.after_kept;
  const change = !isKept ? 'updated' : after === null ? 'deleted' : before === null ? 'added' : 'updated';
  const changedPaths = !isKept ? null : after === null ? [] : findChangedPaths(before, after);
  return { model: row.model, id: row.external_id, change, changedPaths, before, after };
}
