import { sql, type Kysely } from 'kysely';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectDatabase } from './connect-database.ts';
import { migrate } from './migrate.ts';
import type { Schema } from './schema.ts';
import { createTestDatabase, type TestDatabase } from './testing/create-test-database.ts';

const names = [
  '0001-initial',
  '0002-cursor-epochs',
  '0003-connections',
  '0004-sync-engine',
  '0005-deployments',
  '0006-previews',
  '0007-run-captures',
  '0008-device-logins',
];

describe('migrate', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await createTestDatabase();
  });
  afterAll(() => test.drop());

  async function inEmptyDatabase(work: (database: Kysely<Schema>) => Promise<void>): Promise<void> {
    await test.pool.query('drop schema public cascade; create schema public');
    await work(test.database);
  }

  it('applies everything once', () =>
    inEmptyDatabase(async (database) => {
      expect(await migrate(database)).toEqual(names);
      expect(await migrate(database)).toEqual([]);
      expect(await database.selectFrom('records').selectAll().execute()).toEqual([]);
    }));

  it('lets servers that start together wait for the one that migrates', () =>
    inEmptyDatabase(async () => {
      const logger = pino({ level: 'silent' });
      const servers = await Promise.all(
        [1, 2, 3].map(() => connectDatabase({ connection: test.connectionString, poolSize: 2, logger })),
      );
      const applied = await Promise.all(servers.map(({ database }) => migrate(database)));
      await Promise.all(servers.map((server) => server.close()));
      expect(applied.flat()).toEqual(names);
    }));

  it('keeps nothing of a migration that fails', () =>
    inEmptyDatabase(async (database) => {
      const broken = {
        '0001-good': { up: (db: Kysely<unknown>) => sql`create table good ()`.execute(db).then(() => undefined) },
        '0002-bad': {
          up: (db: Kysely<unknown>) => sql`create table bad (id no_such_type)`.execute(db).then(() => undefined),
        },
      };
      await expect(migrate(database, broken)).rejects.toMatchObject({
        code: 'migration_failed',
        message: expect.stringMatching(/0002-bad.*no_such_type/),
      });
      const tables = await sql<{ name: string | null }>`select to_regclass('good')::text as name`.execute(database);
      expect(tables.rows).toEqual([{ name: null }]);
    }));

  it('refuses a database that a newer server has migrated', () =>
    inEmptyDatabase(async (database) => {
      await migrate(database);
      await sql`insert into tenon_migrations (name, timestamp) values ('9999-future', '2099-01-01T00:00:00Z')`.execute(
        database,
      );
      await expect(migrate(database)).rejects.toMatchObject({
        code: 'migration_failed',
        message: expect.stringContaining('9999-future'),
        hint: expect.stringContaining('newer version'),
      });
    }));
});
