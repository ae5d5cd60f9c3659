import { sql } from 'kysely';
import { afterEach, expect, test } from 'vitest';
import type { RunOutcome } from '../../workers/run-request.ts';
import { createGate, openEngineRoom, untilAborted, type EngineRoom, type Script } from '../testing/engine-room.ts';
import { testSync } from '../testing/test-manifest.ts';
import { lockSyncPlace } from './queries/lock-sync-place.ts';
import { insertTriggeredRun } from './queries/insert-triggered-run.ts';

// Runs of one sync that wait for each other, executed. No reaper looks: who is not woken at once never begins.

let room: EngineRoom;
afterEach(() => room.close());

const place = () => ({
  environmentId: room.environmentId,
  integration: 'tracker',
  connection: 'c1',
  sync: 'issues',
});
const unwatched = { heartbeatMs: 3_600_000, staleAfterMs: 3_600_000 };
const retry = { attempts: 2, backoffMs: 1, maxBackoffMs: 1 };
const lost: RunOutcome = { status: 'lost', error: { code: 'run_lost', message: 'Gone.' } };
const unreachable: RunOutcome = { status: 'failed', error: { code: 'provider_unreachable', message: 'No answer.' } };

async function open(overlap: 'queue-one' | 'cancel-other', script: Script) {
  room = await openEngineRoom({ functions: [testSync({ overlap, retry })] });
  const server = room.openServer(script, unwatched);
  await server.start();
  return { server, trigger: async () => (await server.triggerSync({ ...place(), trigger: 'api' })).run };
}

test.each([
  ['lost', lost],
  ['to be tried again', unreachable],
])('a run that is %s keeps its place before the one that was queued behind it', async (_what, outcome) => {
  const began = createGate();
  const queued = createGate();
  const executed: string[] = [];
  const { trigger } = await open('queue-one', async ({ start: { runId } }) => {
    executed.push(runId);
    if (executed.length > 1) return { status: 'succeeded' };
    began.open();
    await queued.opened;
    return outcome;
  });
  const first = await trigger();
  await began.opened;
  const second = await trigger();
  expect(second).toMatchObject({ status: 'queued', waitsFor: 'earlier_run' });
  queued.open();
  expect(await room.ended(first.id)).toMatchObject({ status: 'succeeded', attempt: 2 });
  expect(await room.ended(second.id)).toMatchObject({ status: 'succeeded', attempt: 1 });
  expect(executed).toEqual([first.id, first.id, second.id]);
});

test('cancel-other: the running one is stopped, the waiting one never begins, and the last one does', async () => {
  const began = createGate();
  const executed: string[] = [];
  const { trigger } = await open('cancel-other', async (request) => {
    executed.push(request.start.runId);
    if (executed.length > 1) return { status: 'succeeded' };
    began.open();
    return untilAborted(request);
  });
  const first = await trigger();
  await began.opened;
  const [second, third] = [await trigger(), await trigger()];
  expect(await room.ended(first.id)).toMatchObject({ status: 'cancelled' });
  expect(await room.ended(second.id)).toMatchObject({ status: 'cancelled', startedAt: null });
  expect(await room.ended(third.id)).toMatchObject({ status: 'succeeded' });
  expect(executed).toEqual([first.id, third.id]);
});

test('cancel-other: one that waits to be tried again is cancelled at once', async () => {
  let executions = 0;
  const { server, trigger } = await open('cancel-other', () =>
    Promise.resolve(
      ++executions > 1
        ? { status: 'succeeded' }
        : {
            status: 'rate_limited',
            error: { code: 'provider_rate_limited', message: 'Later.', details: { retryAfterMs: 3_600_000 } },
          },
    ),
  );
  const first = await trigger();
  const waits = async () => (await server.getRun({ ...place(), runId: first.id })).waitsFor;
  while ((await waits()) !== 'rate_limit') await new Promise((resolve) => setTimeout(resolve, 5));
  const second = await trigger();
  expect(await room.ended(first.id)).toMatchObject({ status: 'cancelled' });
  expect(await room.ended(second.id)).toMatchObject({ status: 'succeeded' });
});

async function untilSomebodyWaits(): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ count: string }>`
      select count(*) from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`.execute(room.database);
    if (Number(rows[0]?.count) > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test.each<[string, RunOutcome]>([
  ['succeeds', { status: 'succeeded' }],
  ['fails', { status: 'failed', error: { code: 'script_failed', message: 'It broke.' } }],
  ['is lost for good', lost],
])('a run that is queued in the moment in which the one before it %s is woken by that end', async (_what, outcome) => {
  const began = createGate();
  const ending = createGate();
  let executions = 0;
  const { trigger } = await open('queue-one', async () => {
    if (++executions > 1) return { status: 'succeeded' };
    began.open();
    await ending.opened;
    return outcome;
  });
  const first = await trigger();
  await began.opened;
  await room.database.updateTable('runs').set({ losses: 2 }).execute();
  // As triggerSync does it, but for the pause before its transaction commits.
  const second = await room.database.transaction().execute(async (transaction) => {
    const { sync_id: syncId } = (await lockSyncPlace(transaction, place())) ?? {};
    const now = new Date();
    const values = { runId: crypto.randomUUID(), syncId: syncId ?? 0, trigger: 'api' as const, version: 1, now };
    const row = await insertTriggeredRun(transaction, { ...values, waits: true });
    ending.open();
    await untilSomebodyWaits();
    return row;
  });
  await room.ended(first.id);
  expect(await room.ended(second.id)).toMatchObject({ status: 'succeeded' });
});
