import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

/** By the hash of its token, or by its id. */
export async function selectSession(
  database: Kysely<Schema>,
  by: { readonly tokenHash: Buffer } | { readonly id: number },
) {
  const query = database
    .selectFrom('connect_sessions as s')
    .select(['s.id as id', 's.environment_id as environmentId', 's.request as request', 's.expires_at as expiresAt']);
  return 'id' in by
    ? query.where('s.id', '=', by.id).executeTakeFirst()
    : query.where('s.token_hash', '=', by.tokenHash).executeTakeFirst();
}
