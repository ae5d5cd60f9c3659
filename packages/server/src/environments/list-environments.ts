import type { Kysely } from 'kysely';
import type { Environment, Page } from '@tenon/runtime/contract';
import { pageOfRows } from '../database/pages/page-of-rows.ts';
import { parseIdCursor } from '../database/pages/parse-id-cursor.ts';
import type { Schema } from '../database/schema.ts';
import { toEnvironment } from './environment-row.ts';
import { selectEnvironments } from './queries/select-environments.ts';

/**
 * An environment, then its previews, oldest first.
 * @throws TenonError `request_invalid` for a cursor that this list did not give
 */
export async function listEnvironments(
  database: Kysely<Schema>,
  query: { homeId: number; cursor?: string | undefined; limit: number },
): Promise<Page<Environment>> {
  const { homeId, limit } = query;
  const afterId = parseIdCursor(query.cursor);
  const rows = await selectEnvironments(database, { homeId, afterId, limit: limit + 1 });
  return pageOfRows(rows, { limit, toItem: toEnvironment, toCursor: ({ id }) => String(id) });
}
