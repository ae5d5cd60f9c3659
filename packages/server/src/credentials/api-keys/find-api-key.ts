import { sql, type Kysely } from 'kysely';
import type { ApiScope } from '@tenon/runtime/contract';
import type { Schema } from '../../database/schema.ts';

export interface ApiKeyOwner {
  readonly keyId: number;
  readonly environmentId: number;
  readonly environment: string;
  readonly keyName: string;
  readonly keyPrefix: string;
  readonly scopes: readonly ApiScope[];
}

/** Whose key this is; undefined when it is unknown, expired or revoked. */
export async function findApiKey(database: Kysely<Schema>, hash: Buffer): Promise<ApiKeyOwner | undefined> {
  return database
    .selectFrom('api_keys')
    .innerJoin('environments', 'environments.id', 'api_keys.environment_id')
    .select([
      'api_keys.id as keyId',
      'api_keys.scopes as scopes',
      'environments.id as environmentId',
      'environments.name as environment',
      'api_keys.name as keyName',
      'api_keys.prefix as keyPrefix',
    ])
    .where('api_keys.hash', '=', hash)
    .where('api_keys.revoked_at', 'is', null)
    .where((where) =>
      where.or([where('api_keys.expires_at', 'is', null), where('api_keys.expires_at', '>', sql<Date>`now()`)]),
    )
    .executeTakeFirst();
}
