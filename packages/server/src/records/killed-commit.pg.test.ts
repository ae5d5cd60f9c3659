import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../database/testing/create-test-database.ts';
import { createRecordFixture, pageOfRecords } from './testing/record-fixture.ts';

const poolSize = 4;
let server: TestDatabase;
let killer: Client;
beforeAll(async () => {
  server = await createTestDatabase({ poolSize });
  killer = new Client({ connectionString: server.connectionString });
  await killer.connect();
});
afterAll(async () => {
  await killer.end();
  await server.drop();
});

const perPage = 5;
const pageNumber = (n: number) =>
  pageOfRecords(
    Array.from({ length: perPage }, (_, i) => ({ id: `${n}-${i}`, n })),
    { cursor: n },
  );

async function terminateOneTransaction(): Promise<boolean> {
  const { rowCount } = await killer.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and state in ('active', 'idle in transaction')`,
  );
  return (rowCount ?? 0) > 0;
}

test('a session that is ended in the middle of a page leaves all of it or nothing', async () => {
  const fixture = await createRecordFixture(server.database);
  // One statement, and so one snapshot: the cursor and the records that belong to it. Read on the killer's session,
  // which alone is never ended.
  const readState = async () => {
    const { rows } = await killer.query<{ cursor: number | null; count: number; highest: number; position: number }>(
      `select (select cursor from syncs where id = $1) as cursor, count(*)::int as count,
        coalesce(max(records.position), 0)::int as highest,
        (select position from datasets where id = $2)::int as position
      from records where dataset_id = $2`,
      [fixture.syncId, fixture.datasetId],
    );
    return rows[0];
  };
  const commitAtLast = async (n: number): Promise<void> => {
    // The pool notices an ended session only when it uses it: as many tries as it may hold, and one.
    for (let tries = 1; ; tries += 1) {
      try {
        await fixture.commit(pageNumber(n));
        return;
      } catch (error) {
        if (tries > poolSize) throw error;
      }
    }
  };
  let killed = 0;
  for (let n = 1; n <= 40; n += 1) {
    const progress = { ended: false };
    const commit = fixture
      .commit(pageNumber(n))
      .then(
        () => true,
        () => false,
      )
      .finally(() => (progress.ended = true));
    // Each page is hit a little later than the one before.
    for (let turn = 0; turn < n % 8 && !progress.ended; turn += 1)
      await new Promise((resolve) => setImmediate(resolve));
    while (!progress.ended && !(await terminateOneTransaction()));
    const survived = await commit;
    const state = await readState();
    expect(state?.count).toBe(Number(state?.cursor ?? 0) * perPage);
    expect(state?.highest).toBeLessThanOrEqual(state?.position ?? 0);
    if (survived) continue;
    killed += 1;
    // Whether the answer was lost or the page: reading it again ends in the same place.
    await commitAtLast(n);
  }
  expect(killed).toBeGreaterThan(0);
  // Whatever ended sessions the pool still holds.
  for (let n = 0; n < poolSize; n += 1) await server.pool.query('select 1').catch(() => undefined);
  const { changes } = await fixture.follow();
  expect(changes.map(({ id }) => id)).toEqual(
    Array.from({ length: 40 }, (_, n) => Array.from({ length: perPage }, (_, i) => `${n + 1}-${i}`)).flat(),
  );
});
