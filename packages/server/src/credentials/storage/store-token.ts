import { sql, type Kysely } from 'kysely';
import type { ConnectionExpiry } from '@tenon/runtime/contract';
import type { Schema } from '../../database/schema.ts';
import { eventColumns, type EventRow } from './event-columns.ts';

export interface TokenColumns {
  readonly token: Buffer;
  readonly tokenExpiresAt: Date | null;
  readonly refreshExpiresAt: Date | null;
  readonly refreshAt: Date | null;
  readonly expiry: ConnectionExpiry | null;
  /** null: unknown, or the mode has none. */
  readonly scopes: readonly string[] | null;
}

export interface StoredTokenRow extends EventRow {
  readonly had_problem: boolean;
  readonly was_failed: boolean;
}

/**
 * Puts a new token in the place of the one that it was made from: access token, rotated refresh token, expiry and
 * scopes in one statement, or nothing at all when another token is there by now. Credentials that gave a token are
 * good, so the connection is active and has no problem.
 */
export async function storeToken(
  database: Kysely<Schema>,
  options: { connectionId: number; version: number; columns: TokenColumns; now: Date },
): Promise<StoredTokenRow | undefined> {
  const { columns } = options;
  const { rows } = await sql<StoredTokenRow>`
    with found as (
      select id, problem, state from connections
      where id = ${options.connectionId} and token_version = ${options.version}
      for no key update
    )
    update connections c
    set token = ${columns.token}, token_expires_at = ${columns.tokenExpiresAt},
      refresh_expires_at = ${columns.refreshExpiresAt}, refresh_at = ${columns.refreshAt},
      expiry = ${columns.expiry && JSON.stringify(columns.expiry)}::jsonb, scopes = ${columns.scopes}::text[],
      token_version = c.token_version + 1, refreshed_at = ${options.now}, refresh_started_at = null,
      problem = null, state = 'active'
    from found
    where c.id = found.id
    returning found.problem is not null as had_problem, found.state = 'auth_failed' as was_failed,
      ${eventColumns}`.execute(database);
  return rows[0];
}
