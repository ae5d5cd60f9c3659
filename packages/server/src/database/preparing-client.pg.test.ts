import { expect, test } from 'vitest';
import { createTestDatabase } from './testing/create-test-database.ts';

test('a statement with parameters is prepared once and answers as before', async () => {
  const { pool, drop } = await createTestDatabase({ poolSize: 1 });
  const answers: unknown[] = [];
  for (let n = 0; n < 3; n += 1) answers.push((await pool.query('select $1::int + 1 as next', [n])).rows[0]);
  expect(answers).toEqual([{ next: 1 }, { next: 2 }, { next: 3 }]);
  const { rows } = await pool.query('select statement from pg_prepared_statements where statement like $1', [
    'select $1::int%',
  ]);
  expect(rows).toEqual([{ statement: 'select $1::int + 1 as next' }]);
  await drop();
});

test('a statement that fails can be sent again, and many different ones do not gather', async () => {
  const { pool, drop } = await createTestDatabase({ poolSize: 1 });
  // Not pool.query, which throws a connection away after an error.
  const client = await pool.connect();
  const divide = (by: number) => client.query('select 1 / $1::int as result', [by]);
  const miss = () => client.query('select nothing from nowhere where $1::int = 1', [1]);
  await expect(divide(0)).rejects.toThrow('division by zero');
  await expect(miss()).rejects.toThrow('nowhere');
  await expect(miss()).rejects.toThrow('nowhere');
  expect((await divide(1)).rows).toEqual([{ result: 1 }]);
  for (let n = 0; n < 300; n += 1) await client.query(`select $1::int as n${n}`, [n]);
  const { rows } = await client.query('select count(*)::int as count from pg_prepared_statements');
  expect(rows).toEqual([{ count: 199 }]);
  client.release();
  await drop();
});
