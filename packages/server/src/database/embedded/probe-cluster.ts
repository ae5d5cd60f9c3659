import { TenonError } from '@tenon/runtime/errors';
import { Client } from 'pg';
import type { EmbeddedConnection } from './start-embedded-postgres.ts';

/** Connects once: what listens there must be the Postgres that knows this cluster's password. */
export async function probeCluster(connection: EmbeddedConnection): Promise<void> {
  const client = new Client({ ...connection, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
  } catch (error) {
    throw new TenonError(
      'embedded_postgres_failed',
      `The embedded Postgres at ${connection.host} refused its own password.`,
      {
        hint: 'Stop the Postgres process that uses this data directory, then start the server again.',
        cause: error,
      },
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}
