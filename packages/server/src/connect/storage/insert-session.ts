import type { Kysely } from 'kysely';
import type { ConnectSessionRequest } from '@tenon/runtime/contract';
import type { Schema } from '../../database/schema.ts';

/** @returns the session's id */
export async function insertSession(
  database: Kysely<Schema>,
  row: { environmentId: number; tokenHash: Buffer; request: ConnectSessionRequest; createdAt: Date; expiresAt: Date },
): Promise<number> {
  const { id } = await database
    .insertInto('connect_sessions')
    .values({
      environment_id: row.environmentId,
      token_hash: row.tokenHash,
      request: JSON.stringify(row.request),
      created_at: row.createdAt,
      expires_at: row.expiresAt,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}
