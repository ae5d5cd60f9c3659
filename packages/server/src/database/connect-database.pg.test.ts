import { sql } from 'kysely';
import { types } from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectDatabase } from './connect-database.ts';
import { createTestDatabase, type TestDatabase } from './testing/create-test-database.ts';
import { translateDatabaseError } from './translate-database-error.ts';

const logger = pino({ level: 'silent' });

describe('connectDatabase', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await createTestDatabase();
  });
  afterAll(() => test.drop());

  it('reads bigint columns as numbers and leaves the parsers of other pools alone', async () => {
    const answer =
      await sql`select 9007199254740991::bigint as one, array[1, 2]::bigint[] as many, '{}'::bigint[] as none`.execute(
        test.database,
      );
    expect(answer.rows).toEqual([{ one: 9_007_199_254_740_991, many: [1, 2], none: [] }]);
    expect(types.getTypeParser(20)('1')).toBe('1');
  });

  it('turns JIT off in every session', async () => {
    expect((await sql`show jit`.execute(test.database)).rows).toEqual([{ jit: 'off' }]);
  });

  it('says where to look when nothing listens', async () => {
    await expect(
      connectDatabase({ connection: 'postgresql://nobody:secret-word@127.0.0.1:1/none', poolSize: 1, logger }),
    ).rejects.toMatchObject({
      code: 'database_unreachable',
      message: expect.not.stringContaining('secret-word'),
      hint: expect.stringContaining('DATABASE_URL'),
    });
  });

  it('says that the password is wrong', async () => {
    const url = Object.assign(new URL(test.connectionString), { username: 'no_such_role' }).href;
    await expect(connectDatabase({ connection: url, poolSize: 1, logger })).rejects.toMatchObject({
      code: 'database_unreachable',
      hint: expect.stringContaining('password'),
    });
  });

  it('reports a session that was ended from outside, and serves the next query', async () => {
    const own = await connectDatabase({ connection: test.connectionString, poolSize: 1, logger });
    const pid = (await own.pool.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid;
    const running = own.pool.query('select pg_sleep(30)').catch(translateDatabaseError);
    await expect
      .poll(
        async () =>
          (await test.pool.query(`select 1 from pg_stat_activity where pid = $1 and wait_event = 'PgSleep'`, [pid]))
            .rowCount,
      )
      .toBe(1);
    await test.pool.query('select pg_terminate_backend($1)', [pid]);
    expect(await running).toMatchObject({ code: 'database_unreachable' });
    expect((await own.pool.query('select 1 as value')).rows).toEqual([{ value: 1 }]);
    await own.close();
  });
});

describe('translateDatabaseError', () => {
  it('names a full disk, and leaves what is not the database alone', () => {
    expect(translateDatabaseError(Object.assign(new Error('could not extend file'), { code: '53100' }))).toMatchObject({
      code: 'database_disk_full',
      status: 507,
    });
    const mistake = new TypeError('not a function');
    expect(translateDatabaseError(mistake)).toBe(mistake);
  });
});
