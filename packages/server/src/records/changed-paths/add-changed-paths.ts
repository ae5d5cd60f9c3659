import type { Kysely } from 'kysely';
import type { Change } from '@tenon/runtime/contract';
import type { Schema } from '../../database/schema.ts';
import type { FeedPlace } from '../reading/feed-cursor.ts';
import { selectSeenVersions, type SeenVersionRow } from './queries/select-seen-versions.ts';
import { findChangedPaths } from './find-changed-paths.ts';

/**
 * Says of each change of a page which paths differ from what the reader saw last.
 *
 * A reader at the end of the feed saw the version of that place. One on its way through the pages may have met a later
 * one, or not, when the record had moved on before the page was read; for it the answer is what differs from any of
 * those, so that no path is missing.
 */
export async function addChangedPaths(
  database: Kysely<Schema>,
  place: FeedPlace,
  changes: readonly Change[],
): Promise<Change[]> {
  const updated = changes.filter(({ change }) => change === 'updated').map(({ id }) => id);
  const seen = new Map<string, SeenVersionRow[]>();
  for (const row of updated.length === 0 ? [] : await selectSeenVersions(database, place, updated)) {
    const rows = seen.get(row.external_id);
    if (rows) rows.push(row);
    else seen.set(row.external_id, [row]);
  }
  return changes.map((change) => ({ ...change, changedPaths: pathsOf(change, seen.get(change.id) ?? []) }));
}

function pathsOf({ change, data }: Change, seen: readonly SeenVersionRow[]): string[] | null {
  if (change === 'deleted') return [];
  if (change === 'added') return findChangedPaths(null, data);
  if (!seen.some(({ at_base }) => at_base)) return null;
  return [...new Set(seen.flatMap((version) => findChangedPaths(version.data, data)))];
}
