import type { Kysely } from 'kysely';
import type { Page, WebhookEndpoint } from '@tenon/runtime/contract';
import type { Schema } from '../../database/schema.ts';
import { parseIdCursor } from '../../database/parse-id-cursor.ts';
import { shownEndpointColumns, toEndpoint } from './to-endpoint.ts';

/**
 * Endpoints of an environment, oldest first.
 * @throws TenonError `request_invalid` for a cursor that this list did not give
 */
export async function listEndpoints(
  database: Kysely<Schema>,
  { environmentId, cursor, limit }: { environmentId: number; cursor?: string | undefined; limit: number },
): Promise<Page<WebhookEndpoint>> {
  const rows = await database
    .selectFrom('webhook_endpoints')
    .select(shownEndpointColumns)
    .where('environment_id', '=', environmentId)
    .where('id', '>', parseIdCursor(cursor) ?? 0)
    .orderBy('id')
    .limit(limit + 1)
    .execute();
  const items = rows.slice(0, limit).map(toEndpoint);
  return { items, nextCursor: rows.length > limit ? String(items.at(-1)?.id) : null };
}
