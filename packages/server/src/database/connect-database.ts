import { TenonError } from '@tenon/runtime/errors';
import { Kysely, PostgresDialect } from 'kysely';
import { Pool, type PoolConfig } from 'pg';
import type { Logger } from 'pino';
import { readAsNumbers } from './column-parsers.ts';
import { PreparingClient } from './preparing-client.ts';
import type { Schema } from './schema.ts';
import { translateDatabaseError } from './translate-database-error.ts';

export interface ConnectOptions {
  /** A URL, or what the embedded Postgres gives. */
  readonly connection: string | Pick<PoolConfig, 'host' | 'port' | 'user' | 'password' | 'database'>;
  readonly poolSize: number;
  readonly logger: Logger;
}

export interface DatabaseConnection {
  readonly database: Kysely<Schema>;
  /** The same pool, for what speaks `pg` itself. */
  readonly pool: Pool;
  /** Waits for the running queries, then disconnects. */
  close(): Promise<void>;
}

/**
 * JIT: compiling made small upserts up to nine times slower. Bitmap scans: every list here is a walk along an index, and
 * before the tables were analysed the planner sorted 50,000 records for each page of 1,000 instead. A statement that runs for five minutes is a mistake, and
 * a transaction that idles for one was forgotten and holds its locks.
 */
const sessionSettings =
  '-c jit=off -c enable_bitmapscan=off -c statement_timeout=300000 -c idle_in_transaction_session_timeout=60000';

/** server_version_num of the oldest Postgres that the tests run on. */
const oldestVersion = 140_000;

/**
 * Connects and checks that the server can be used.
 * @throws TenonError database_unreachable, database_unsupported
 */
export async function connectDatabase({ connection, poolSize, logger }: ConnectOptions): Promise<DatabaseConnection> {
  const pool = new Pool({
    ...(typeof connection === 'string' ? { connectionString: connection } : connection),
    Client: PreparingClient,
    max: poolSize,
    connectionTimeoutMillis: 15_000,
    // A session at rest holds some 8 MB of its own; the polls keep one or two in use anyway.
    idleTimeoutMillis: 10_000,
    keepAlive: true,
    application_name: 'tenon',
    options: sessionSettings,
    types: readAsNumbers,
  });
  // A connection that breaks between two queries is replaced at the next one; unheard, it would end the process. The
  // pool listens for idle connections only, not for those that a transaction holds. Only the message is logged: pg
  // hangs the whole client on the error, with the key that cancels its queries.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => {
    client.on('error', (error) => {
      if (!pool.ending) logger.warn({ reason: error.message }, 'a database connection broke');
    });
  });
  try {
    await checkVersion(pool);
  } catch (error) {
    await pool.end();
    throw translateDatabaseError(error);
  }
  const database = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  return { database, pool, close: () => database.destroy() };
}

async function checkVersion(pool: Pool): Promise<void> {
  const answer = await pool.query<{ number: number; name: string }>(
    `select current_setting('server_version_num')::int as number, current_setting('server_version') as name`,
  );
  const version = answer.rows[0];
  if (version !== undefined && version.number >= oldestVersion) return;
  throw new TenonError('database_unsupported', `Postgres ${version?.name ?? ''} is too old: 14 or newer is expected.`, {
    hint: 'Upgrade the Postgres server, or leave DATABASE_URL out to use the embedded one.',
  });
}
