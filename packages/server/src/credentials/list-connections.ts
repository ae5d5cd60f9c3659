import type { Kysely } from 'kysely';
import { TenonError } from '@tenon/runtime/errors';
import type { Connection, Page } from '@tenon/runtime/contract';
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
  const afterId = query.cursor === undefined ? undefined : parseCursor(query.cursor);
  const rows = await selectConnections(database, { environmentId, integration, afterId, limit: limit + 1 });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { items: page.map(toConnection), nextCursor: rows.length > limit && last ? String(last.id) : null };
}

function parseCursor(cursor: string): number {
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw new TenonError('request_invalid', 'The cursor is not one of this list.', {
    hint: 'Pass nextCursor of the page before, or leave it out.',
  });
}
