import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';

export interface ConnectionUpdate {
  readonly connectionId: number;
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  readonly secrets?: { authMode: string; credentials: Buffer; token: Buffer | null; tokenExpiresAt: Date | null };
}

/** Changes what is given and leaves the rest. New secrets make the connection active again. */
export async function updateConnection(database: Kysely<Schema>, update: ConnectionUpdate): Promise<void> {
  const { settings, metadata, secrets } = update;
  await database
    .updateTable('connections')
    .set({
      updated_at: new Date(),
      ...(settings && { settings: JSON.stringify(settings) }),
      ...(metadata && { metadata: JSON.stringify(metadata) }),
      ...(secrets && {
        auth_mode: secrets.authMode,
        credentials: secrets.credentials,
        token: secrets.token,
        token_expires_at: secrets.tokenExpiresAt,
        state: 'active' as const,
      }),
    })
    .where('id', '=', update.connectionId)
    .execute();
}
