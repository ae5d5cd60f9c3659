import type { Kysely } from 'kysely';
import type { Hold, HoldDetails, Page } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import { parseIdCursor } from '../../database/parse-id-cursor.ts';
import type { Schema } from '../../database/schema.ts';
import { decodeListCursor, encodeListCursor, recordIdPlace } from '../list-cursor.ts';
import { selectHeldIds } from './queries/select-held-ids.ts';
import { selectHolds, type HoldFilter, type HoldRow } from './queries/select-holds.ts';

/** Newest first. @throws TenonError `request_invalid` for a cursor that no page gave */
export async function listHolds(
  database: Kysely<Schema>,
  { cursor, ...filter }: Omit<HoldFilter, 'id' | 'beforeId'> & { cursor?: string | undefined },
): Promise<Page<Hold>> {
  const rows = await selectHolds(database, { ...filter, beforeId: parseIdCursor(cursor), limit: filter.limit + 1 });
  const items = rows.slice(0, filter.limit).map(toHold);
  return { items, nextCursor: rows.length > filter.limit ? String(items.at(-1)?.id) : null };
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
  const after = options.cursor === undefined ? undefined : decodeListCursor(options.cursor, recordIdPlace);
  const hold = await getHold(database, options);
  const found = await selectHeldIds(database, { holdId: hold.id, after, limit: limit + 1 });
  const ids = found.slice(0, limit);
  return { hold, ids, nextCursor: found.length > limit ? encodeListCursor(ids.at(-1)) : null };
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
