import type { Kysely } from 'kysely';
import type { Hold, HoldDetails, Page } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import { parseIdCursor } from '../../database/pages/parse-id-cursor.ts';
import { pageOfRows } from '../../database/pages/page-of-rows.ts';
import type { Schema } from '../../database/schema.ts';
import { decodePlaceCursor, encodePlaceCursor, placeText } from '../../database/pages/place-cursor.ts';
import { selectHeldIds } from './queries/select-held-ids.ts';
import { selectHolds, type HoldFilter, type HoldRow } from './queries/select-holds.ts';

/** Newest first. @throws TenonError `request_invalid` for a cursor that no page gave */
export async function listHolds(
  database: Kysely<Schema>,
  { cursor, ...filter }: Omit<HoldFilter, 'id' | 'beforeId'> & { cursor?: string | undefined },
): Promise<Page<Hold>> {
  const rows = await selectHolds(database, { ...filter, beforeId: parseIdCursor(cursor), limit: filter.limit + 1 });
  return pageOfRows(rows, { limit: filter.limit, toItem: toHold, toCursor: ({ id }) => String(id) });
}

/** @throws TenonError `not_found` */
export async function getHold(
  database: Kysely<Schema>,
  { environmentId, id }: { environmentId: number; id: number },
): Promise<Hold> {
  const [row] = await selectHolds(database, { environmentId, id, limit: 1 });
  if (row) return toHold(row);
  throw new TenonError('not_found', `There is no hold ${id} in this environment.`, {
    hint: 'List them with `tenon records holds` (GET /v1/holds).',
  });
}

/**
 * A hold with a page of its ids.
 * @throws TenonError `not_found`; `request_invalid` for a cursor that no page gave
 */
export async function getHoldDetails(
  database: Kysely<Schema>,
  options: { environmentId: number; id: number; cursor?: string | undefined; limit: number },
): Promise<HoldDetails> {
  const { limit } = options;
  const after = options.cursor === undefined ? undefined : decodePlaceCursor(options.cursor, placeText);
  const hold = await getHold(database, options);
  const found = await selectHeldIds(database, { holdId: hold.id, after, limit: limit + 1 });
  const { items, nextCursor } = pageOfRows(found, { limit, toItem: (id) => id, toCursor: encodePlaceCursor });
  return { hold, ids: items, nextCursor };
}

function toHold(row: HoldRow): Hold {
  return {
    id: row.id,
    integration: row.integration,
    connection: row.connection,
    sync: row.sync,
    model: row.model,
    runId: row.run_id,
    records: row.record_count,
    liveRecords: row.live_count,
    status: row.status,
    createdAt: row.created_at.toISOString(),
    decidedAt: row.decided_at?.toISOString() ?? null,
  };
}
