import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

export interface NewConnectionRow {
  readonly id: number;
  readonly environmentId: number;
  readonly integration: string;
  readonly name: string;
  readonly authMode: string;
  readonly config: Readonly<Record<string, string>>;
  readonly credentials: Buffer;
  readonly token: Buffer | null;
  readonly tokenExpiresAt: Date | null;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** @returns false when the environment has a connection of this name already; it stays as it is */
export async function insertConnection(database: Kysely<Schema>, row: NewConnectionRow): Promise<boolean> {
  const result = await sql`
    insert into connections
      (id, environment_id, integration, name, auth_mode, config, credentials, token, token_expires_at, settings, metadata)
    overriding system value
    values (${row.id}, ${row.environmentId}, ${row.integration}, ${row.name}, ${row.authMode},
      ${JSON.stringify(row.config)}::jsonb, ${row.credentials}, ${row.token}, ${row.tokenExpiresAt},
      ${JSON.stringify(row.settings)}::jsonb, ${JSON.stringify(row.metadata)}::jsonb)
    on conflict (environment_id, integration, name) do nothing`.execute(database);
  return result.numAffectedRows === 1n;
}
