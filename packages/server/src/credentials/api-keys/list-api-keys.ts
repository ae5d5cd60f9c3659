import type { Kysely } from 'kysely';
import type { ApiKey, Page } from '@tenon/runtime/contract';
import { parseIdCursor } from '../../database/parse-id-cursor.ts';
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
  const page = rows.slice(0, limit);
  return { items: page.map(toApiKey), nextCursor: rows.length > limit ? String(page.at(-1)?.id) : null };
}
