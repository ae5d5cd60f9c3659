import type { Kysely } from 'kysely';
import type { Page, SyncState } from '@tenon/runtime/contract';
import { pageOfRows } from '../../database/pages/page-of-rows.ts';
import { decodePlaceCursor, encodePlaceCursor, placeText } from '../../database/pages/place-cursor.ts';
import type { Schema } from '../../database/schema.ts';
import { findSyncId } from '../schedules/queries/find-sync-id.ts';
import { syncMissing, type SyncAddress } from '../schedules/sync-address.ts';
import { selectSyncStates, type SyncStateRow } from './queries/select-sync-states.ts';

/**
 * What a live sync remembers: a row of its own, and one for each partition that it has read.
 * @throws TenonError `not_found`; `request_invalid` for a cursor that no page gave
 */
export async function listSyncStates(
  database: Kysely<Schema>,
  { cursor, limit, ...address }: SyncAddress & { cursor?: string | undefined; limit: number },
): Promise<Page<SyncState>> {
  const syncId = await findSyncId(database, address);
  if (syncId === undefined) throw syncMissing(address);
  const after = cursor === undefined ? undefined : decodePlaceCursor(cursor, placeText);
  const rows = await selectSyncStates(database, { syncId, after, limit: limit + 1 });
  return pageOfRows(rows, { limit, toItem: toSyncState, toCursor: ({ partition }) => encodePlaceCursor(partition) });
}

function toSyncState({ partition, cursor, checkpoint, failed_at, error, updated_at }: SyncStateRow): SyncState {
  return {
    partition,
    cursor,
    checkpoint,
    failedAt: failed_at?.toISOString() ?? null,
    error,
    updatedAt: updated_at.toISOString(),
  };
}
