import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../../database/schema.ts';
import { apiKeyChannel } from './revoke-api-key-row.ts';

/** Makes one key the configured one of its environment, good again if it was not, and revokes the one before it. */
export async function claimConfiguredKey(
  database: Kysely<Schema>,
  { environmentId, hash }: { environmentId: number; hash: Buffer },
): Promise<void> {
  await sql`
    with claimed as (
      update api_keys set configured = true, revoked_at = null
      where hash = ${hash} and (not configured or revoked_at is not null)
    ), revoked as (
      update api_keys set revoked_at = now(), configured = false
      where environment_id = ${environmentId} and configured and hash <> ${hash}
      returning id
    )
    select pg_notify(${apiKeyChannel}, id::text) from revoked`.execute(database);
}
