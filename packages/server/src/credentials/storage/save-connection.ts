import { sql, type Transaction } from 'kysely';
import type { EndUser } from '@tenon/runtime/contract';
import type { Schema } from '../../database/schema.ts';

export interface SavedConnectionRow {
  readonly id: number;
  readonly environmentId: number;
  readonly integration: string;
  readonly name: string;
  readonly authMode: string;
  readonly config: Readonly<Record<string, string>>;
  readonly credentials: Buffer;
  readonly token: Buffer | null;
  readonly tokenExpiresAt: Date | null;
  readonly refreshExpiresAt: Date | null;
  readonly scopes: readonly string[] | null;
  readonly endUser: EndUser;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly now: Date;
}

/**
 * Writes a connection that was authorised just now, over the one that has this id. The version of its token grows, so
 * that a renewal of the token before finds itself late and stores nothing.
 */
export async function saveConnection(transaction: Transaction<Schema>, row: SavedConnectionRow): Promise<void> {
  await sql`
    insert into connections
      (id, environment_id, integration, name, auth_mode, config, credentials, token, token_expires_at,
       refresh_expires_at, refreshed_at, scopes, end_user, settings, metadata)
    overriding system value
    values (${row.id}, ${row.environmentId}, ${row.integration}, ${row.name}, ${row.authMode},
      ${JSON.stringify(row.config)}::jsonb, ${row.credentials}, ${row.token}, ${row.tokenExpiresAt},
      ${row.refreshExpiresAt}, ${row.token && row.now}::timestamptz, ${row.scopes}::text[],
      ${JSON.stringify(row.endUser)}::jsonb, ${JSON.stringify(row.settings)}::jsonb,
      ${JSON.stringify(row.metadata)}::jsonb)
    on conflict (id) do update set
      auth_mode = excluded.auth_mode, config = excluded.config, credentials = excluded.credentials,
      token = excluded.token, token_expires_at = excluded.token_expires_at,
      token_version = connections.token_version + 1,
      refresh_expires_at = excluded.refresh_expires_at, refreshed_at = excluded.refreshed_at,
      refresh_at = excluded.refresh_at, refresh_started_at = null,
      scopes = excluded.scopes, end_user = excluded.end_user, settings = excluded.settings,
      metadata = excluded.metadata, state = 'active', problem = null, updated_at = ${row.now}`.execute(transaction);
}
