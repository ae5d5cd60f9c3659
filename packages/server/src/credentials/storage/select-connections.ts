import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** Every column that the API may show; never the secrets. */
const shownColumns = [
  'id',
  'integration',
  'name',
  'auth_mode',
  'state',
  'problem',
  'scopes',
  'end_user',
  'token_expires_at',
  'refreshed_at',
  'expiry',
  'config',
  'settings',
  'metadata',
  'created_at',
  'updated_at',
] as const;

export interface ConnectionFilter {
  readonly environmentId: number;
  readonly integration?: string | undefined;
  readonly name?: string | undefined;
  /** Only ids above this one. */
  readonly afterId?: number | undefined;
  readonly limit: number;
}

/** Connections of an environment, oldest first. */
export async function selectConnections(database: Kysely<Schema>, filter: ConnectionFilter) {
  let query = database
    .selectFrom('connections')
    .select(shownColumns)
    .where('environment_id', '=', filter.environmentId)
    .orderBy('id')
    .limit(filter.limit);
  if (filter.integration !== undefined) query = query.where('integration', '=', filter.integration);
  if (filter.name !== undefined) query = query.where('name', '=', filter.name);
  if (filter.afterId !== undefined) query = query.where('id', '>', filter.afterId);
  return query.execute();
}

export type ShownConnectionRow = Awaited<ReturnType<typeof selectConnections>>[number];
