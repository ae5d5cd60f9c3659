import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';

/** The channel on which servers hear of revoked keys. */
export const apiKeyChannel = 'tenon_api_keys';

/** Revokes a key and tells every server of it when the transaction commits; a key that is revoked stays as it is. */
export async function revokeApiKeyRow(database: Kysely<Schema>, keyId: number): Promise<void> {
  await sql`
    with revoked as (
      update api_keys set revoked_at = now() where id = ${keyId} and revoked_at is null returning id
    )
    select pg_notify(${apiKeyChannel}, id::text) from revoked`.execute(database);
}
