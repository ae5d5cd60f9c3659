import { sql, type Kysely } from 'kysely';
import type { EndUser } from '@tenon/runtime/contract';
import type { Schema } from '../../database/schema.ts';
import type { SecretColumns } from '../seal-connection.ts';
import { eventColumns, type EventRow } from './event-columns.ts';

export interface NewConnectionRow {
  readonly id: number;
  readonly environmentId: number;
  readonly integration: string;
  readonly name: string;
  readonly config: Readonly<Record<string, string>>;
  readonly secrets: SecretColumns;
  readonly endUser: EndUser | undefined;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** @returns undefined when the environment has a connection of this name already; it stays as it is */
export async function insertConnection(database: Kysely<Schema>, row: NewConnectionRow): Promise<EventRow | undefined> {
  const { secrets } = row;
  const { rows } = await sql<EventRow>`
    insert into connections as c
      (id, environment_id, integration, name, auth_mode, config, credentials, token, token_expires_at,
       refresh_expires_at, refresh_at, expiry, scopes, token_version, end_user, settings, metadata)
    overriding system value
    values (${row.id}, ${row.environmentId}, ${row.integration}, ${row.name}, ${secrets.authMode},
      ${JSON.stringify(row.config)}::jsonb, ${secrets.credentials}, ${secrets.token}, ${secrets.tokenExpiresAt},
      ${secrets.refreshExpiresAt}, ${secrets.refreshAt}, ${secrets.expiry && JSON.stringify(secrets.expiry)}::jsonb,
      ${secrets.scopes}::text[], 1, ${row.endUser ? JSON.stringify(row.endUser) : null}::jsonb,
      ${JSON.stringify(row.settings)}::jsonb, ${JSON.stringify(row.metadata)}::jsonb)
    on conflict (environment_id, integration, name) do nothing
    returning ${eventColumns}`.execute(database);
  return rows[0];
}
