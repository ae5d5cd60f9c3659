import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

export interface NewAttemptRow {
  readonly id: string;
  readonly rowId: number;
  readonly sessionId: number;
  readonly environmentId: number;
  readonly integration: string;
  readonly connection: string;
  readonly config: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, unknown>> | null;
  readonly stateHash: Buffer;
  readonly browserHash: Buffer;
  readonly pending: Buffer;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

export async function insertAttempt(database: Kysely<Schema>, row: NewAttemptRow): Promise<void> {
  await sql`
    insert into connect_attempts
      (id, row_id, session_id, environment_id, integration, connection, config, settings, state_hash, browser_hash,
       pending, created_at, expires_at)
    overriding system value
    values (${row.id}, ${row.rowId}, ${row.sessionId}, ${row.environmentId}, ${row.integration}, ${row.connection},
      ${JSON.stringify(row.config)}::jsonb, ${row.settings && JSON.stringify(row.settings)}::jsonb,
      ${row.stateHash}, ${row.browserHash}, ${row.pending}, ${row.createdAt}, ${row.expiresAt})`.execute(database);
}
