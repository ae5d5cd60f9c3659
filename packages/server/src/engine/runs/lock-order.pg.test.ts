import { sql, type Transaction } from 'kysely';
import { afterEach, expect, test } from 'vitest';
import { resetCursors } from '../../deployments/storage/reset-cursors.ts';
import type { Schema } from '../../database/schema.ts';
import { lockDataset } from '../../records/writing/queries/lock-dataset.ts';
import type { RunOutcome } from '../../workers/run-request.ts';
import { createGate, openEngineRoom, pageOf, type EngineRoom } from '../testing/engine-room.ts';
import { testSync } from '../testing/test-manifest.ts';
import { requestCancel } from './queries/request-cancel.ts';

// A run may end while somebody has its sync locked and goes on to lock what comes after it. A run that locked any of
// that before the sync would wait for them, and they for it, until Postgres ends one of the two.

let room: EngineRoom;
afterEach(() => room.close());

async function untilSomebodyWaits(): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ count: string }>`
      select count(*) from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`.execute(room.database);
    if (Number(rows[0]?.count) > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const error = { code: 'provider_unreachable', message: 'No answer.' };
const partitions = { total: 2, failed: [{ key: 'p', error }] };

const endings: Array<[string, RunOutcome, string]> = [
  ['succeeded', { status: 'succeeded' }, 'succeeded'],
  ['partial', { status: 'succeeded', sync: { read: 1, partitions } }, 'partial'],
  ['failed', { status: 'failed', error: { code: 'script_failed', message: 'It broke.' } }, 'failed'],
  ['to be tried again', { status: 'failed', error }, 'cancelled'],
  ['lost', { status: 'lost', error }, 'cancelled'],
];

const later: Array<[string, (transaction: Transaction<Schema>, runId: string) => Promise<unknown>]> = [
  [
    'its states',
    (transaction) =>
      resetCursors(transaction, { environmentId: room.environmentId, integration: 'tracker', sync: 'issues' }),
  ],
  [
    'its datasets',
    async (transaction) => {
      const datasets = await transaction.selectFrom('datasets').select('id').orderBy('id').execute();
      for (const { id } of datasets) await lockDataset(transaction, Number(id));
    },
  ],
];

test.each(
  endings.flatMap(([what, outcome, status]) =>
    later.map(([then, take]) => [what, then, { outcome, status, take }] as const),
  ),
)('a run that is %s may end while somebody locks its sync, %s and the run', async (_what, _then, how) => {
  const { outcome, status, take } = how;
  const models = ['Issue', 'Comment'].map((name) => ({ name, schema: {} }));
  room = await openEngineRoom({
    functions: [testSync({ models, deletes: 'absence', retry: { attempts: 2, backoffMs: 1, maxBackoffMs: 1 } })],
  });
  const saved = createGate();
  const ending = createGate();
  const server = room.openServer(async (request) => {
    await request.onPage(pageOf(1, ['a'], { partition: 'p', cursor: 1 }));
    saved.open();
    await ending.opened;
    return outcome;
  });
  await server.start();
  const { environmentId } = room;
  const place = { environmentId, integration: 'tracker', connection: 'c1', sync: 'issues' };
  const { run } = await server.triggerSync({ ...place, trigger: 'api' });
  await saved.opened;
  await room.database.transaction().execute(async (transaction) => {
    await sql`select from syncs for no key update`.execute(transaction);
    ending.open();
    await untilSomebodyWaits();
    await take(transaction, run.id);
    await requestCancel(transaction, { environmentId, runId: run.id, now: new Date() });
  });
  expect(await room.ended(run.id)).toMatchObject({ status, attempt: 1 });
});
