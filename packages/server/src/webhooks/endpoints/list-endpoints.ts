import type { Kysely } from 'kysely';
import type { Page, WebhookEndpoint } from '@tenon/runtime/contract';
import { pageOfRows } from '../../database/pages/page-of-rows.ts';
import type { Schema } from '../../database/schema.ts';
import { parseIdCursor } from '../../database/pages/parse-id-cursor.ts';
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
  return pageOfRows(rows, { limit, toItem: toEndpoint, toCursor: ({ id }) => String(id) });
}
