import type { Kysely } from 'kysely';
import type { Pool } from 'pg';
import { pino } from 'pino';
import { inject } from 'vitest';
import { connectDatabase } from '../connect-database.ts';
import type { Schema } from '../schema.ts';

export interface TestDatabase {
  readonly database: Kysely<Schema>;
  readonly pool: Pool;
  readonly connectionString: string;
  /** Disconnects, and drops the database with whatever is still connected to it. */
  drop(): Promise<void>;
}

/** A database of its own for a test file, with the schema in place: a clone of the template, made in about 20 ms. */
export async function createTestDatabase(options: { poolSize?: number } = {}): Promise<TestDatabase> {
  const server = inject('testDatabaseServer');
  const { name, url } = await call(server, 'POST');
  const { database, pool, close } = await connectDatabase({
    connection: url,
    poolSize: options.poolSize ?? 8,
    logger: pino({ level: 'silent' }),
  });
  return {
    database,
    pool,
    connectionString: url,
    async drop() {
      await close();
      await call(`${server}/${name}`, 'DELETE');
    },
  };
}

async function call(url: string, method: 'POST' | 'DELETE'): Promise<{ name: string; url: string }> {
  const response = await fetch(url, { method });
  if (!response.ok) throw new Error(`The test database server failed: ${await response.text()}`);
  return (await response.json()) as { name: string; url: string };
}
