import { afterEach, expect, test } from 'vitest';
import type { SyncManifest } from '@tenon/runtime/contract';
import { openEngineRoom, type EngineRoom } from '../testing/engine-room.ts';
import { testSync } from '../testing/test-manifest.ts';
import type { RunService } from '../run-service.ts';

// Triggers and backfills, as far as what is unfinished lets them. Nothing is executed: the server is not started.

let room: EngineRoom;
let server: RunService;
afterEach(() => room.close());

async function open(sync: Partial<SyncManifest>): Promise<void> {
  room = await openEngineRoom({ functions: [testSync(sync)] });
  server = room.openServer(() => Promise.resolve({ status: 'succeeded' }));
}

const address = () => ({ environmentId: room.environmentId, integration: 'tracker', connection: 'c1', sync: 'issues' });
const trigger = () => server.triggerSync({ ...address(), trigger: 'api' });
const runs = () => room.database.selectFrom('runs').selectAll().orderBy('id').execute();
const begin = () => room.database.updateTable('runs').set({ status: 'running', owner: 'other' }).execute();
const cursor = { field: 'updatedAt', initial: null, order: 'unordered', lagMs: 0 } as const;

test('skip: a run that is unfinished is the answer', async () => {
  await open({});
  const { run } = await trigger();
  expect(await trigger()).toMatchObject({ created: false, run: { id: run.id } });
});

test('queue-one: one more is queued behind the running one, and is the answer from then on', async () => {
  await open({ overlap: 'queue-one' });
  await trigger();
  await begin();
  const second = await trigger();
  expect(second).toMatchObject({ created: true, run: { status: 'queued', waitsFor: 'earlier_run' } });
  expect(await trigger()).toMatchObject({ created: false, run: { id: second.run.id } });
});

test('cancel-other: the unfinished ones are cancelled', async () => {
  await open({ overlap: 'cancel-other' });
  await trigger();
  await begin();
  await trigger();
  const last = await trigger();
  expect(last.created).toBe(true);
  expect((await runs()).map(({ status, cancel_requested }) => [status, cancel_requested])).toEqual([
    ['running', true],
    ['cancelled', true],
    ['queued', false],
  ]);
});

test('allow: every trigger is a run', async () => {
  await open({ overlap: 'allow' });
  const triggered = await Promise.all([trigger(), trigger(), trigger()]);
  expect(triggered.every(({ created }) => created)).toBe(true);
  expect((await runs()).every(({ side_by_side }) => side_by_side)).toBe(true);
});

test('a backfill is queued beside a live run, one at a time', async () => {
  await open({ cursor });
  await trigger();
  const range = { from: '2025-01-01T00:00:00Z', until: '2026-01-01T00:00:00+02:00' };
  const backfill = await server.backfillSync({ ...address(), range });
  expect(backfill).toMatchObject({ trigger: 'backfill', status: 'queued' });
  expect((await runs())[1]).toMatchObject({ lane: 'backfill', range });
  await expect(server.backfillSync({ ...address(), range })).rejects.toMatchObject({
    code: 'conflict',
    details: { runId: backfill.id },
    hint: expect.stringContaining(backfill.id),
  });
  expect(await trigger()).toMatchObject({ created: false });
});

test('a backfill leaves nothing of the ones before it, and the live cursor where it is', async () => {
  await open({ cursor });
  await room.setCursor('2026-02-01');
  const { id } = await server.backfillSync({ ...address(), range: { from: '2025-01-01' } });
  await room.database.updateTable('sync_states').set({ scope: id }).execute();
  await room.setCursor('2026-02-01');
  await room.database.updateTable('runs').set({ status: 'failed' }).execute();
  await server.backfillSync({ ...address(), range: { from: '2025-01-01' } });
  const states = await room.database.selectFrom('sync_states').select(['scope', 'cursor']).execute();
  expect(states).toEqual([{ scope: 'live', cursor: '2026-02-01' }]);
});

test.each([
  ['a sync without a cursor', {}, { from: 1 }],
  ['numbers in the wrong order', { cursor }, { from: 2, until: 1 }],
  ['times in the wrong order', { cursor }, { from: '2026-01-01T00:00:00Z', until: '2026-01-01T00:30:00+01:00' }],
  ['an empty range', { cursor }, { from: '2026-01-01', until: '2026-01-01' }],
  ['two types', { cursor }, { from: '2026-01-01', until: 1 }],
  ['another type than the cursor', { cursor: { ...cursor, initial: 0 } }, { from: '2026-01-01' }],
])('a backfill of %s is refused with a hint', async (_what, sync, range) => {
  await open(sync);
  await expect(server.backfillSync({ ...address(), range })).rejects.toMatchObject({
    code: 'request_invalid',
    hint: expect.any(String),
  });
});
