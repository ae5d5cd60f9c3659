import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../database/testing/create-test-database.ts';
import { createTimeOrderedIds } from '../database/time-ordered-ids.ts';
import { createHistory } from '../records/testing/history-fixture.ts';
import { createRecordFixture, pageOfRecords, type RecordFixture } from '../records/testing/record-fixture.ts';
import { createRetention } from './create-retention.ts';
import { retentionRules } from './retention-rules.ts';
import { removeAuditLog } from './rules/remove-audit-log.ts';

let server: TestDatabase;
let fixture: RecordFixture;
let environmentId: number;
let connectionId: number;
beforeAll(async () => {
  server = await createTestDatabase();
});
beforeEach(async () => {
  fixture = await createRecordFixture(server.database);
  const sync = await server.database
    .selectFrom('syncs')
    .select(['environment_id', 'connection_id'])
    .where('id', '=', fixture.syncId)
    .executeTakeFirstOrThrow();
  [environmentId, connectionId] = [sync.environment_id, sync.connection_id];
});
afterAll(() => server.drop());

const dayMs = 86_400_000;
const today = Date.parse('2026-06-01T00:00:00Z');
const daysAgo = (days: number): Date => new Date(today - days * dayMs);
const days = { captureDays: 7, logDays: 14, runDays: 30, historyDays: 20, deletedRecordDays: 90, auditDays: 60 };

function sweep(now = today, settings = days): Promise<void> {
  const { database } = server;
  const log = pino({ level: 'silent' });
  return createRetention({ database, rules: retentionRules(settings), log, now: () => now }).sweep();
}

async function insertRun(age: number, more: { finished?: boolean; last?: boolean } = {}): Promise<string> {
  const at = daysAgo(age);
  const id = createTimeOrderedIds(() => at.getTime())();
  await server.database
    .insertInto('runs')
    .values({
      id,
      environment_id: environmentId,
      connection_id: connectionId,
      sync_id: fixture.syncId,
      kind: 'sync',
      integration: 'sandbox',
      function: 'issues',
      version: 1,
      trigger: 'manual',
      due_at: at,
      counts: '{}',
      status: more.finished === false ? 'running' : 'succeeded',
      finished_at: more.finished === false ? null : at,
    })
    .execute();
  if (more.last) {
    await server.database.updateTable('syncs').set({ last_run_id: id }).where('id', '=', fixture.syncId).execute();
  }
  return id;
}

async function runIds(): Promise<string[]> {
  const rows = await server.database.selectFrom('runs').select('id').where('sync_id', '=', fixture.syncId).execute();
  return rows.map(({ id }) => id).toSorted();
}

async function insertHold(runId: string, status: 'pending' | 'approved', age: number): Promise<number> {
  const { id } = await server.database
    .insertInto('holds')
    .values({
      environment_id: environmentId,
      sync_id: fixture.syncId,
      dataset_id: fixture.datasetId,
      run_id: runId,
      record_count: 1,
      live_count: 2,
      status,
      created_at: daysAgo(age),
      decided_at: status === 'pending' ? null : daysAgo(age),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

describe('retention', () => {
  it('removes finished runs, but for the last one of a sync and those with held deletions', async () => {
    const last = await insertRun(50, { last: true });
    const running = await insertRun(40, { finished: false });
    const held = await insertRun(39);
    const decided = await insertRun(38);
    const fresh = await insertRun(29);
    await insertRun(31);
    const pending = await insertHold(held, 'pending', 39);
    await insertHold(decided, 'approved', 38);
    await sweep();
    expect(await runIds()).toEqual([last, running, held, fresh].toSorted());
    const holds = await server.database
      .selectFrom('holds')
      .select('id')
      .where('sync_id', '=', fixture.syncId)
      .execute();
    expect(holds).toEqual([{ id: pending }]);
  });

  it('removes captures after their own time, all of them when nothing is captured any more, and each with its run', async () => {
    const capture = async (age: number) => {
      const id = await insertRun(age);
      const values = { run_id: id, attempt: 1, capture: Buffer.from('sealed'), created_at: daysAgo(age) };
      await server.database.insertInto('run_captures').values(values).execute();
      return id;
    };
    const kept = async (): Promise<string[]> =>
      (await server.database.selectFrom('run_captures').select('run_id').execute()).map((row) => row.run_id).toSorted();
    const ids = [await capture(8), await capture(6), await capture(5)];
    await sweep();
    expect(await kept()).toEqual(ids.slice(1).toSorted());
    await server.database
      .deleteFrom('runs')
      .where('id', '=', ids[1] ?? '')
      .execute();
    expect(await kept()).toEqual([ids[2]]);
    await sweep(today, { ...days, captureDays: 0 });
    expect(await kept()).toEqual([]);
    expect(await runIds()).toContain(ids[0]);
    await server.database.deleteFrom('runs').where('id', 'in', ids).execute();
  });

  it('removes more than one batch, and what is left of an interrupted sweep the next time', async () => {
    const database = server.database;
    const run = await insertRun(1);
    await database
      .insertInto('run_logs')
      .values(
        Array.from({ length: 2_500 }, (_, n) => ({
          environment_id: environmentId,
          run_id: run,
          at: daysAgo(n < 2_400 ? 15 : 13),
          level: 'info' as const,
          message: String(n),
          data: null,
        })),
      )
      .execute();
    const log = pino({ level: 'silent' });
    const stopped = createRetention({ database, rules: retentionRules(days), log, now: () => today });
    const stopping = stopped.sweep();
    await Promise.all([stopping, stopped.stop()]);
    await sweep();
    const { count } = await database
      .selectFrom('run_logs')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('run_id', '=', run)
      .executeTakeFirstOrThrow();
    expect(count).toBe(100);
  });

  it('removes skipped ticks with the runs', async () => {
    const tick = (age: number) => ({
      environment_id: environmentId,
      sync_id: fixture.syncId,
      due_at: daysAgo(age + 1),
      until_at: daysAgo(age),
      ticks: 1,
      reason: 'overlap' as const,
      run_id: null,
      noted_at: daysAgo(age),
    });
    await server.database
      .insertInto('skipped_ticks')
      .values([tick(31), tick(29)])
      .execute();
    await sweep();
    const left = await server.database.selectFrom('skipped_ticks').select('until_at').execute();
    expect(left).toEqual([{ until_at: daysAgo(29) }]);
  });

  it('removes versions and what tells who wrote them, and leaves the records', async () => {
    const run = crypto.randomUUID();
    const history = createHistory(server.database, fixture.datasetId);
    await history.write(run, { x: { n: 1 } });
    await history.write(run, { x: { n: 2 } });
    const counts = async () => {
      const [versions, writes] = await Promise.all([
        server.database
          .selectFrom('record_versions')
          .select('position')
          .where('dataset_id', '=', fixture.datasetId)
          .execute(),
        server.database.selectFrom('run_writes').select('run_id').where('dataset_id', '=', fixture.datasetId).execute(),
      ]);
      return [versions.length, writes.length];
    };
    await sweep(Date.now());
    expect(await counts()).toEqual([1, 2]);
    await sweep(Date.now() + 21 * dayMs);
    expect(await counts()).toEqual([0, 0]);
    expect(await fixture.list()).toMatchObject([{ data: { n: 2 } }]);
  });

  it('removes deleted records, and tells readers who have not met them', async () => {
    await fixture.commit(pageOfRecords([{ id: '1' }, { id: '2' }, { id: '3' }]));
    const { cursor } = await fixture.follow();
    await fixture.commit(pageOfRecords([], { deletedIds: ['1', '3'] }));
    await sweep(Date.now() + 89 * dayMs);
    expect((await fixture.changes(cursor)).items).toHaveLength(2);
    await sweep(Date.now() + 91 * dayMs);
    expect((await fixture.list({ includeDeleted: true })).map(({ id }) => id)).toEqual(['2']);
    await expect(fixture.changes(cursor)).rejects.toMatchObject({ code: 'cursor_expired' });
    expect((await fixture.follow()).changes.map(({ id }) => id)).toEqual(['2']);
  });

  it('removes the audit log, in batches, only from its old end', async () => {
    const { database } = server;
    const ages = [61, 61, 61, 59];
    await database
      .insertInto('audit_log')
      .values(
        ages.map((age, n) => ({
          environment_id: environmentId,
          at: daysAgo(age),
          actor_kind: 'system' as const,
          action: 'test',
          subject: `of:${n}`,
          details: '{}',
        })),
      )
      .execute();
    const subjects = async () => {
      const rows = await database.selectFrom('audit_log').select('subject').orderBy('id').execute();
      return rows.map(({ subject }) => subject);
    };
    expect(await removeAuditLog(database, { before: daysAgo(60), limit: 2 })).toBe(2);
    expect(await subjects()).toEqual(['of:2', 'of:3']);
    await sweep();
    expect(await subjects()).toEqual(['of:3']);
  });

  it('goes on with the other rules when one fails', async () => {
    const { database } = server;
    const warnings: string[] = [];
    const log = pino({ level: 'warn' }, { write: (line: string) => void warnings.push(line) });
    const old = await insertRun(31);
    const failing = { name: 'broken', days: 1, removeBatch: () => Promise.reject(new Error('no')) };
    const rules = [failing, ...retentionRules(days)];
    await createRetention({ database, rules, log, now: () => today }).sweep();
    expect(warnings).toHaveLength(1);
    expect(await runIds()).not.toContain(old);
  });

  it('removes where cursors and feeds stood when history goes, but not what a rollback goes on with', async () => {
    const { database } = server;
    const activate = async (age: number, previous: number) => {
      const { id } = await database
        .insertInto('activations')
        .values({
          environment_id: environmentId,
          version: previous + 1,
          previous_version: previous,
          activated_at: daysAgo(age),
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      await database
        .insertInto('activation_positions')
        .values({ activation_id: id, dataset_id: fixture.datasetId, position: 1 })
        .execute();
      return id;
    };
    const kept = async () => {
      const left = await database
        .selectFrom('activations')
        .innerJoin('activation_positions', 'activation_positions.activation_id', 'activations.id')
        .select('id')
        .where('environment_id', '=', environmentId)
        .orderBy('id')
        .execute();
      return left.map(({ id }) => id);
    };
    const [, used, fresh] = [await activate(40, 0), await activate(21, 1), await activate(19, 2)];
    await database
      .insertInto('data_rollbacks')
      .values({
        environment_id: environmentId,
        activation_id: used,
        from_version: 3,
        to_version: 1,
        counts: '{}',
        finished_at: null,
      })
      .execute();
    await sweep();
    expect(await kept()).toEqual([used, fresh]);
    await database
      .updateTable('data_rollbacks')
      .set({ finished_at: daysAgo(0) })
      .execute();
    await sweep();
    expect(await kept()).toEqual([fresh]);
    const positions = await database.selectFrom('activation_positions').select('activation_id').execute();
    expect(positions).not.toContainEqual({ activation_id: used });
  });
});
