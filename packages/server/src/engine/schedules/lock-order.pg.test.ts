import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterEach, expect, test } from 'vitest';
import { finishRun } from '../runs/queries/finish-run.ts';
import { openEngineRoom, type EngineRoom } from '../testing/engine-room.ts';
import { testSync } from '../testing/test-manifest.ts';
import { selectUnfinishedRuns } from './queries/select-unfinished-runs.ts';
import { startDueRuns, type DueRun } from './queries/start-due-runs.ts';
import { takeDueSyncs, type DueSync } from './queries/take-due-syncs.ts';

// Whoever changes a sync and its runs locks the sync first: two who do it the other way round wait for each other until
// Postgres ends one of them.

const hourly = testSync({ schedule: { type: 'interval', everyMs: 3_600_000 } });
let room: EngineRoom;
afterEach(() => room.close());

const start = new Date('2026-01-01T00:00:00Z');

/** A scheduler that has taken what is due, and goes on when another statement of this database waits for it. */
async function startDueWhile(other: () => Promise<unknown>): Promise<{ queued: number; outcome: unknown }> {
  let waiting: Promise<unknown> = Promise.resolve();
  const queued = await room.database.transaction().execute(async (transaction) => {
    const due = await takeDueSyncs(transaction, { now: start, limit: 10 });
    expect(due).toHaveLength(1);
    waiting = other().catch((error: unknown) => error);
    await untilSomebodyWaits();
    const unfinished = await selectUnfinishedRuns(
      transaction,
      due.map(({ id }) => id),
    );
    const runs = due.filter(({ id }) => !unfinished.has(String(id))).map(asRun);
    await startDueRuns(transaction, { due: runs, now: start });
    return runs.length;
  });
  return { queued, outcome: await waiting };
}

async function untilSomebodyWaits(): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ count: string }>`
      select count(*) from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`.execute(room.database);
    if (Number(rows[0]?.count) > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function asRun({ id }: DueSync): DueRun {
  const trigger = 'schedule';
  return { runId: randomUUID(), syncId: id, version: 1, trigger, dueAt: start, sideBySide: false, waits: false };
}

const triggerNow = () =>
  room
    .openServer(() => Promise.resolve({ status: 'succeeded' }))
    .triggerSync({
      environmentId: room.environmentId,
      integration: 'tracker',
      connection: 'c1',
      sync: 'issues',
      trigger: 'manual',
    });

test('a trigger and a schedule at the same moment make one run, and neither fails', async () => {
  room = await openEngineRoom({ functions: [hourly], now: start });
  const { queued, outcome } = await startDueWhile(() => triggerNow());
  expect(queued).toBe(1);
  expect(outcome).toMatchObject({ created: false });
});

test('a run may end while its sync comes due', async () => {
  room = await openEngineRoom({ functions: [hourly], now: start });
  const { id } = (await triggerNow()).run;
  await room.database.updateTable('runs').set({ status: 'running', owner: 'me' }).execute();
  const { queued, outcome } = await startDueWhile(() =>
    finishRun(
      room.database,
      { id, attempt: 1, owner: 'me' },
      { status: 'succeeded', error: null, deleted: 0, held: 0, now: start },
    ),
  );
  expect(queued).toBe(0);
  expect(outcome).toMatchObject({ status: 'succeeded' });
});
