import { Client } from 'pg';
import type { Kysely } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Airbag } from '@tenon/runtime/contract';
import type { OutgoingPage } from '@tenon/runtime/execute';
import type { Schema } from '../database/schema.ts';
import { createTestDatabase, type TestDatabase } from '../database/testing/create-test-database.ts';
import { openKillingDatabase, type KillPoint } from './testing/killing-database.ts';
import { createRecordFixture, outgoing, pageOfRecords, type RecordFixture } from './testing/record-fixture.ts';
import type { RunOfPage } from './writing/commit-page.ts';

let server: TestDatabase;
let killer: Client;
beforeAll(async () => {
  server = await createTestDatabase();
  killer = new Client({ connectionString: server.connectionString });
  await killer.connect();
});
afterAll(async () => {
  await killer.end();
  await server.drop();
});

interface Scenario {
  readonly name: string;
  /** What is stored before. */
  readonly before: readonly OutgoingPage[];
  readonly change: (fixture: RecordFixture, database: Kysely<Schema>, run: RunOfPage) => Promise<unknown>;
}

const issue = (id: string, v = 1) => ({ id, v });
const ids = (prefix: string, count: number) => Array.from({ length: count }, (_, n) => `${prefix}${n}`);
const pageOf = (names: readonly string[], v = 1) => pageOfRecords(names.map((id) => issue(id, v)));

function commits(page: OutgoingPage, airbag: Airbag | null = null): Scenario['change'] {
  return (fixture, database, run) =>
    database.transaction().execute((transaction) =>
      fixture.store.commitPage(transaction, {
        datasetId: fixture.datasetId,
        syncId: fixture.syncId,
        run,
        page,
        airbag,
        trackSightings: true,
        now: new Date(),
      }),
    );
}

const quarantined = { id: 'bad', json: '{"id":"bad"}', problems: [{ path: 'v', message: 'missing' }] };
const scenarios: Scenario[] = [
  {
    name: 'a page of new records, which the store expects',
    before: [pageOf(ids('a', 3)), pageOf(ids('b', 3))],
    change: commits(pageOf(ids('c', 3))),
  },
  {
    name: 'a page that is not all new, though the store expects it',
    before: [pageOf(ids('a', 3)), pageOf(ids('b', 3))],
    change: commits(pageOf(['b1', 'c1', 'c2'], 2)),
  },
  {
    name: 'a page of mostly unchanged records',
    before: [pageOf(ids('a', 60)), pageOf(ids('a', 60))],
    change: commits(pageOfRecords(ids('a', 60).map((id, n) => issue(id, n < 3 ? 2 : 1)))),
  },
  {
    name: 'a page with everything: added, changed, deleted, flagged, patched, quarantined and cleared',
    before: [
      pageOf(ids('a', 6)),
      pageOfRecords([], { quarantined: [quarantined, { ...quarantined, id: 'a5', json: '{}' }] }),
    ],
    change: commits({
      ...pageOfRecords([issue('a0', 2), issue('a1', 2), issue('n0'), issue('bad')], {
        deletedIds: ['a2', 'a3'],
        quarantined: [{ id: null, json: '[]', problems: [] }],
      }),
      records: [
        ...pageOf(['a0', 'n0', 'bad'], 2).records,
        { ...outgoing(issue('a1', 2)), basis: '00'.repeat(16) },
        { ...outgoing(issue('a4', 3)), isDeleted: true },
      ],
    }),
  },
  {
    name: 'a page whose deletions are held',
    before: [pageOf(ids('a', 6))],
    change: commits(pageOfRecords([issue('a0', 2)], { deletedIds: ids('a', 4).slice(1) }), { share: 0.2, atLeast: 2 }),
  },
  {
    name: 'the end of an enumeration',
    before: [pageOf(ids('a', 6))],
    change: async (fixture, database, run) => {
      const end = { run, syncId: fixture.syncId, datasets: [fixture.datasetId], isComplete: true, now: new Date() };
      const sync = { deletes: 'absence', airbag: null } as const;
      await database.transaction().execute(async (transaction) => {
        await fixture.store.settleAbsence(transaction, { ...end, sync });
        await transaction.updateTable('runs').set({ status: 'succeeded' }).where('id', '=', run.id).execute();
      });
    },
  },
];

/** All that a page may change, but for times and for which numbers the positions are. */
async function dump(fixture: RecordFixture) {
  const values = [fixture.datasetId];
  const read = async (text: string) => (await killer.query<Record<string, unknown>>(text, values)).rows;
  return {
    records: await read(`select external_id, data::text, deleted_at is not null as gone
      from records where dataset_id = $1 order by external_id`),
    versions: await read(`select external_id, data::text from record_versions where dataset_id = $1 order by 1, 2`),
    dataset: await read(`select live_count::int, quarantined_count,
        (select count(*)::int from records where dataset_id = $1 and deleted_at is null) as live,
        (select count(*)::int from quarantine where dataset_id = $1) as quarantined,
        position >= (select max(position) from records where dataset_id = $1) as is_ahead
      from datasets where id = $1`),
    quarantine: await read(`select external_id, data::text from quarantine where dataset_id = $1 order by 2`),
    holds: await read(`select record_count, status, (select sum(cardinality(external_ids))::int from held_records r
      where r.hold_id = h.id) as ids from holds h where dataset_id = $1`),
    sightings: (await read(`select external_ids from sightings where dataset_id = $1`)).length > 0,
    writes: await read(`select sum(deleted)::int as deleted from run_writes where dataset_id = $1`),
  };
}

async function prepare(scenario: Scenario): Promise<{ fixture: RecordFixture; run: RunOfPage; cursor: string }> {
  const fixture = await createRecordFixture(server.database);
  for (const page of scenario.before) await fixture.commit(page);
  const started = await fixture.startRun();
  const run = { ...started, beganMs: started.beganMs + 60_000 };
  if (scenario.name.includes('enumeration')) await fixture.commit(pageOf(['a1', 'a2'], 2), { run });
  const { cursor } = await fixture.follow();
  return { fixture, run, cursor };
}

describe.each(scenarios)('$name', (scenario) => {
  test('is whole or absent wherever its session ends, and the same after it is written again', async () => {
    const model = await prepare(scenario);
    const before = await dump(model.fixture);
    await scenario.change(model.fixture, server.database, model.run);
    const after = await dump(model.fixture);
    const toldOf = (await model.fixture.follow(model.cursor)).changes.map(({ id, change }) => [id, change]);
    expect(after).not.toEqual(before);

    let points = 0;
    for (const moment of ['before', 'after'] as const) {
      for (let statement = 1; ; statement += 1) {
        const at: KillPoint = { statement, moment };
        const { fixture, run, cursor } = await prepare(scenario);
        const killing = openKillingDatabase(server, { killer, at });
        const ended = scenario.change(fixture, killing.database, run).then(
          () => 'answered',
          () => 'failed',
        );
        const result = await ended;
        if (!killing.hasKilled()) {
          expect(result).toBe('answered');
          break;
        }
        points += 1;
        expect(result, JSON.stringify(at)).toBe('failed');
        const left = await dump(fixture);
        expect([before, after], JSON.stringify(at)).toContainEqual(left);
        await scenario.change(fixture, server.database, run);
        expect({ ...(await dump(fixture)), sightings: true }, JSON.stringify(at)).toEqual({
          ...after,
          sightings: true,
        });
        const { changes } = await fixture.follow(cursor);
        expect(
          changes.map(({ id, change }) => [id, change]),
          JSON.stringify(at),
        ).toEqual(toldOf);
      }
    }
    // begin, the lock or the insert, commit: fewer would mean that nothing was counted.
    expect(points).toBeGreaterThanOrEqual(6);
  });
});
