import type { Kysely } from 'kysely';
import { parseIdCursor } from '../database/pages/parse-id-cursor.ts';
import type { Connection, Page } from '@tenon/runtime/contract';
import { pageOfRows } from '../database/pages/page-of-rows.ts';
import type { Schema } from '../database/schema.ts';
import { toConnection } from './find-connection.ts';
import { selectConnections } from './storage/select-connections.ts';

export interface ConnectionQuery {
  readonly environmentId: number;
  readonly integration?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/**
 * Connections, oldest first.
 * @throws TenonError `request_invalid` for a cursor that this list did not give
 */
export async function listConnections(database: Kysely<Schema>, query: ConnectionQuery): Promise<Page<Connection>> {
  const { environmentId, integration, limit } = query;
  const afterId = parseIdCursor(query.cursor);
  const rows = await selectConnections(database, { environmentId, integration, afterId, limit: limit + 1 });
  return pageOfRows(rows, { limit, toItem: toConnection, toCursor: ({ id }) => String(id) });
}
