import { sql, type Transaction } from 'kysely';
import { apiKeyChannel } from '../../credentials/api-keys/queries/revoke-api-key-row.ts';
import type { Schema } from '../../database/schema.ts';

/**
 * From the commit on nobody sees an environment any more, its name is free, and its keys and connect sessions open
 * nothing.
 * @returns the ids of its keys that were good; undefined: somebody else did it
 */
export async function markDeleted(
  transaction: Transaction<Schema>,
  { environmentId, now }: { environmentId: number; now: Date },
): Promise<number[] | undefined> {
  const { rows } = await sql<{ key_ids: number[] }>`
    with marked as (
      update environments set deleting_at = ${now} where id = ${environmentId} and deleting_at is null returning id
    ), revoked as (
      update api_keys set revoked_at = now() from marked
      where api_keys.environment_id = marked.id and revoked_at is null
      returning api_keys.id
    ), ended as (
      delete from connect_sessions using marked where connect_sessions.environment_id = marked.id
    ), told as (
      select pg_notify(${apiKeyChannel}, id::text) from revoked
    )
    select array(select id from revoked) as key_ids from marked
    where (select count(*) from told) >= 0`.execute(transaction);
  return rows[0]?.key_ids;
}
