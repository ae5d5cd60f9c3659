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
  readonly expiresAt: Date | null;
}

export interface FoundApiKey {
  readonly owner: ApiKeyOwner;
  readonly good: boolean;
  /** Why it is not good; null: it is. */
  readonly problem: 'expired' | 'revoked' | null;
}

/** Whose key this is; undefined when it is unknown. Notes that it was used, at most once a minute. */
export async function findApiKey(database: Kysely<Schema>, hash: Buffer): Promise<FoundApiKey | undefined> {
  const { rows } = await sql<ApiKeyOwner & Omit<FoundApiKey, 'owner'>>`
    with found as (
      select api_keys.id as "keyId", api_keys.scopes, api_keys.name as "keyName", api_keys.prefix as "keyPrefix",
        api_keys.expires_at as "expiresAt", environments.id as "environmentId", environments.name as environment,
        revoked_at is null and (api_keys.expires_at is null or api_keys.expires_at > now()) as good,
        case when revoked_at is not null then 'revoked' when api_keys.expires_at <= now() then 'expired' end as problem
      from api_keys join environments on environments.id = api_keys.environment_id
      where api_keys.hash = ${hash}
    ), used as (
      update api_keys set last_used_at = date_trunc('minute', now())
      from found
      where api_keys.id = found."keyId" and found.good
        and (last_used_at is null or last_used_at < date_trunc('minute', now()))
    )
    select * from found`.execute(database);
  const [row] = rows;
  if (!row) return undefined;
  const { good, problem, ...owner } = row;
  return { owner, good, problem };
}
