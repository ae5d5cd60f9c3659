import type { Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

export interface ApiKeyFilter {
  readonly environmentId: number;
  readonly keyId?: number | undefined;
  readonly afterId?: number | undefined;
  readonly limit: number;
}

/** Keys of an environment, oldest first. */
export async function selectApiKeys(database: Kysely<Schema>, filter: ApiKeyFilter) {
  let query = database
    .selectFrom('api_keys')
    .select(['id', 'name', 'prefix', 'scopes', 'configured', 'created_at', 'expires_at', 'revoked_at', 'last_used_at'])
    .where('environment_id', '=', filter.environmentId)
    .orderBy('id')
    .limit(filter.limit);
  if (filter.keyId !== undefined) query = query.where('id', '=', filter.keyId);
  if (filter.afterId !== undefined) query = query.where('id', '>', filter.afterId);
  return query.execute();
}

export type ApiKeyRow = Awaited<ReturnType<typeof selectApiKeys>>[number];
