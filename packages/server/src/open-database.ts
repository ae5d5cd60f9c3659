import type { Logger } from 'pino';
import type { ServerConfig } from './config/parse-config.ts';
import type { ClosingStack } from './closing-stack.ts';
import { connectDatabase, type DatabaseConnection } from './database/connect-database.ts';
import { migrate } from './database/migrate.ts';

/** Sessions that are no run's: requests, LISTEN, the queue's own. The embedded Postgres takes 60 in all. */
const spareSessions = 8;
const mostSessions = 40;

/**
 * Connects to the database that the configuration names, or starts the embedded one; then brings it to the schema.
 * @throws TenonError of the database room
 */
export async function openDatabase(
  {
    databaseUrl,
    databaseSessions,
    dataDirectory,
    workers,
  }: Pick<ServerConfig, 'databaseUrl' | 'databaseSessions' | 'dataDirectory' | 'workers'>,
  { logger, stack, signal }: { logger: Logger; stack: ClosingStack; signal: AbortSignal },
): Promise<DatabaseConnection> {
  const connection = databaseUrl ?? (await openEmbedded({ dataDirectory, logger, stack, signal }));
  const connected = await connectDatabase({
    connection,
    poolSize: databaseSessions ?? Math.min(mostSessions, workers * 2 + spareSessions),
    logger,
  });
  stack.defer('database', () => connected.close());
  await migrate(connected.database);
  return connected;
}

async function openEmbedded(options: {
  dataDirectory: string;
  logger: Logger;
  stack: ClosingStack;
  signal: AbortSignal;
}) {
  const { stack, ...rest } = options;
  // Loaded only here: a server with a DATABASE_URL needs nothing of it, the binaries included.
  const { startEmbeddedPostgres } = await import('./database/embedded/start-embedded-postgres.ts');
  const postgres = await startEmbeddedPostgres(rest);
  stack.defer('embedded Postgres', () => postgres.stop());
  return postgres.connection;
}
