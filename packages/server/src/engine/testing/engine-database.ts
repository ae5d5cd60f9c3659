import { randomUUID } from 'node:crypto';
import { Kysely, PostgresDialect } from 'kysely';
import { Pool } from 'pg';
import { up } from '../../database/migrations/0001-initial.ts';
import type { Schema } from '../../database/schema.ts';

export async function createEngineDatabase(): Promise<{
  database: Kysely<Schema>;
  pool: Pool;
  close(): Promise<void>;
}> {
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  const admin = new Pool({ host: '127.0.0.1', port: 54329, user: 'postgres', database: 'postgres', max: 1 });
  await admin.query(`create database ${name}`);
  const pool = new Pool({ host: '127.0.0.1', port: 54329, user: 'postgres', database: name, max: 10 });
  const database = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  await up(database as unknown as Kysely<unknown>);
  return {
    database,
    pool,
    close: async () => {
      await database.destroy();
      await admin.end();
    },
  };
}
