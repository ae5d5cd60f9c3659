import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../database/testing/create-test-database.ts';
import { createRecordFixture, outgoing, pageOfRecords } from '../testing/record-fixture.ts';

// An enumeration begins by the server's clock, a record is observed by the script's process's: they need not agree.

let server: TestDatabase;
beforeAll(async () => {
  server = await createTestDatabase();
});
afterAll(() => server.drop());

const issue = (id: string, observedMs: number, v = 1) => ({ ...outgoing({ id, v }), observedMs });

/** A dataset with the records 1 and 2 of a while ago, and a run whose enumeration begins at `beganMs`. */
async function beginEnumeration() {
  let nowMs = Date.parse('2026-01-01T00:00:00Z');
  const fixture = await createRecordFixture(server.database, { now: () => nowMs });
  await fixture.commit({ ...pageOfRecords([]), records: [issue('1', nowMs), issue('2', nowMs)] });
  nowMs += 60_000;
  const beganMs = nowMs;
  const run = { ...(await fixture.startRun()), beganMs };
  const commit = (records: ReturnType<typeof issue>[], options?: { run: typeof run }) =>
    fixture.commit({ ...pageOfRecords([]), records }, options);
  return {
    run,
    beganMs,
    commit,
    pass(ms: number) {
      nowMs += ms;
    },
    async finish() {
      const finished = await fixture.finish(run);
      return { ...finished, left: (await fixture.list()).map(({ id }) => id).sort() };
    },
  };
}

test('what another run adds while a clock lags behind is not deleted for being absent from an older list', async () => {
  const { run, beganMs, commit, pass, finish } = await beginEnumeration();
  pass(10);
  await commit([issue('new', beganMs - 500)]);
  await commit([issue('2', beganMs - 500, 2)]);
  pass(10);
  await commit([issue('1', beganMs - 480)], { run });
  expect(await finish()).toEqual({ deleted: 0, held: 0, left: ['1', '2', 'new'] });
});

test('what was seen by an enumeration stays, however far its clock lags', async () => {
  const { run, beganMs, commit, pass, finish } = await beginEnumeration();
  pass(10);
  await commit([issue('1', beganMs - 3_600_000)], { run });
  expect(await finish()).toEqual({ deleted: 1, held: 0, left: ['1'] });
});

test('what another run saw unchanged since the beginning stays; by its own clock, for no change has a time', async () => {
  const { run, beganMs, commit, pass, finish } = await beginEnumeration();
  pass(10);
  await commit([issue('2', beganMs + 5)]);
  await commit([issue('1', beganMs + 6)], { run });
  expect(await finish()).toEqual({ deleted: 0, held: 0, left: ['1', '2'] });
});

test('what falls within the millisecond of the beginning stays', async () => {
  const { run, beganMs, commit, finish } = await beginEnumeration();
  await commit([issue('new', beganMs)]);
  await commit([issue('same', beganMs - 1)]);
  await commit([issue('1', beganMs)], { run });
  expect(await finish()).toEqual({ deleted: 1, held: 0, left: ['1', 'new', 'same'] });
});
