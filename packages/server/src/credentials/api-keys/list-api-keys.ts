import type { Kysely } from 'kysely';
import type { ApiKey, Page } from '@tenon/runtime/contract';
import { parseIdCursor } from '../../database/pages/parse-id-cursor.ts';
import { pageOfRows } from '../../database/pages/page-of-rows.ts';
import type { Schema } from '../../database/schema.ts';
import { selectApiKeys } from './queries/select-api-keys.ts';
import { toApiKey } from './to-api-key.ts';

/**
 * Keys of an environment, oldest first, revoked ones too.
 * @throws TenonError `request_invalid` for a cursor that this list did not give
 */
export async function listApiKeys(
  database: Kysely<Schema>,
  query: { environmentId: number; cursor?: string | undefined; limit: number },
): Promise<Page<ApiKey>> {
  const { environmentId, limit } = query;
  const afterId = parseIdCursor(query.cursor);
  const rows = await selectApiKeys(database, { environmentId, afterId, limit: limit + 1 });
  return pageOfRows(rows, { limit, toItem: toApiKey, toCursor: ({ id }) => String(id) });
}
