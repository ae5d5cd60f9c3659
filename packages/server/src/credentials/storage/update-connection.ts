import { sql, type Kysely } from 'kysely';
import type { EndUser } from '@tenon/runtime/contract';
import type { Schema } from '../../database/schema.ts';
import type { SecretColumns } from '../seal-connection.ts';
import { eventColumns, type EventRow } from './event-columns.ts';

export interface ConnectionUpdate {
  readonly connectionId: number;
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  readonly config?: Readonly<Record<string, string>> | undefined;
  readonly secrets?: SecretColumns | undefined;
  readonly endUser?: EndUser | undefined;
}

/**
 * Changes what is given and leaves the rest. New secrets make the connection active again, and take the place of
 * whatever a renewal under way brings.
 * @returns undefined when the connection is gone
 */
export async function updateConnection(
  database: Kysely<Schema>,
  { connectionId, settings, metadata, config, secrets, endUser }: ConnectionUpdate,
): Promise<(EventRow & { readonly had_problem: boolean; readonly was_failed: boolean }) | undefined> {
  const changes = [
    sql`updated_at = now()`,
    ...(settings ? [sql`settings = ${JSON.stringify(settings)}::jsonb`] : []),
    ...(metadata ? [sql`metadata = ${JSON.stringify(metadata)}::jsonb`] : []),
    ...(config ? [sql`config = ${JSON.stringify(config)}::jsonb`] : []),
    ...(endUser ? [sql`end_user = ${JSON.stringify(endUser)}::jsonb`] : []),
    ...(secrets ? [secretChanges(secrets)] : []),
  ];
  const { rows } = await sql<EventRow & { had_problem: boolean; was_failed: boolean }>`
    with found as (select id, problem, state from connections where id = ${connectionId} for no key update)
    update connections c set ${sql.join(changes)} from found where c.id = found.id
    returning found.problem is not null as had_problem, found.state = 'auth_failed' as was_failed,
      ${eventColumns}`.execute(database);
  return rows[0];
}

function secretChanges(secrets: SecretColumns) {
  return sql`auth_mode = ${secrets.authMode}, credentials = ${secrets.credentials}, token = ${secrets.token},
    token_expires_at = ${secrets.tokenExpiresAt}, refresh_expires_at = ${secrets.refreshExpiresAt},
    refresh_at = ${secrets.refreshAt}, expiry = ${secrets.expiry && JSON.stringify(secrets.expiry)}::jsonb,
    scopes = ${secrets.scopes}::text[], token_version = token_version + 1, refreshed_at = now(),
    refresh_started_at = null, problem = null, state = 'active'`;
}
