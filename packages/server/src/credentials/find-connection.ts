import type { Kysely } from 'kysely';
import { TenonError } from '@tenon/runtime/errors';
import type { Connection } from '@tenon/runtime/contract';
import { authModeSchema } from '@tenon/runtime/provider';
import type { Schema } from '../database/schema.ts';
import { selectConnections, type ShownConnectionRow } from './storage/select-connections.ts';

/** How the API names a connection. */
export interface ConnectionAddress {
  readonly environmentId: number;
  readonly integration: string;
  readonly name: string;
}

/** @throws TenonError `not_found` */
export async function findConnection(
  database: Kysely<Schema>,
  address: ConnectionAddress,
): Promise<{ connectionId: number; connection: Connection }> {
  const [row] = await selectConnections(database, { ...address, limit: 1 });
  if (row) return { connectionId: row.id, connection: toConnection(row) };
  throw new TenonError('not_found', `There is no connection ${address.name} of ${address.integration}.`, {
    hint: 'Create it with `tenon connect` (POST /v1/connections), or list those that exist with GET /v1/connections.',
  });
}

export function toConnection(row: ShownConnectionRow): Connection {
  return {
    integration: row.integration,
    id: row.name,
    authMode: authModeSchema.parse(row.auth_mode),
    state: row.state,
    problem: row.problem,
    // What is over already has no future end.
    expiry: row.state === 'auth_failed' ? null : row.expiry,
    scopes: row.scopes,
    tokenExpiresAt: row.token_expires_at?.toISOString() ?? null,
    refreshedAt: row.refreshed_at?.toISOString() ?? null,
    endUser: row.end_user,
    ...(row.borrowed_from !== null && { borrowedFrom: row.borrowed_from }),
    config: row.config,
    settings: row.settings,
    metadata: row.metadata,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}
