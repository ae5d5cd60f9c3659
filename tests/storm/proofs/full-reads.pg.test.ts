import { afterEach, expect, test } from 'vitest';
import { stormSyncs } from '../history/storm-syncs.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.close());

async function generationOf(runId: string): Promise<number> {
  const { generation } = await stage.room.database
    .selectFrom('runs')
    .select('generation')
    .where('id', '=', runId)
    .executeTakeFirstOrThrow();
  return generation;
}

const nothing = { add: 0, update: [], remove: [], sameInstant: false };

test('row 4: a full read that is killed goes on where it was, and readers have the old records until it is complete', async () => {
  const { definition, manifest } = stormSyncs.resumable;
  stage = await openStage(manifest, { definition, items: 8, pageSize: 2 });
  const calls: string[] = [];
  stage.intercept = (path) => void calls.push(new URL(path, 'https://tracker.example').searchParams.get('after') ?? '');
  expect(await stage.finish(await stage.trigger())).toMatchObject({ status: 'succeeded', counts: { added: 8 } });
  const before = await stage.rows();

  // The last one is gone.
  stage.truth.mutate({ ...nothing, remove: [7] });
  calls.length = 0;
  stage.fault = { kind: 'worker dies', page: 0, committed: true };
  const runId = await stage.trigger();
  const generation = await generationOf(runId);
  await stage.server.execute(runId);
  expect(await stage.getRun(runId)).toMatchObject({ status: 'queued', attempt: 2 });
  expect(await stage.rows()).toEqual(before);
  expect(calls[0]).toBe('');

  stage.fault = undefined;
  calls.length = 0;
  let duringRead = 0;
  stage.beforeCommit = async () => {
    duringRead = (await stage.rows()).length;
  };
  expect(await stage.finish(runId)).toMatchObject({ status: 'succeeded', counts: { deleted: 1, held: 0 } });
  expect(duringRead).toBe(8);
  expect(calls[0], 'the second attempt begins behind the first').not.toBe('');
  expect(await generationOf(runId)).toBe(generation);
  expect((await stage.rows()).map(({ id }) => id)).toEqual(['i1', 'i2', 'i3', 'i4', 'i5', 'i6', 'i7']);

  // The next run reads everything, and what the one before saw counts for nothing.
  stage.truth.mutate({ ...nothing, remove: [0] });
  calls.length = 0;
  expect(await stage.finish(await stage.trigger())).toMatchObject({ status: 'succeeded', counts: { deleted: 1 } });
  expect(calls[0]).toBe('');
  expect((await stage.rows()).map(({ id }) => id)).toEqual(['i2', 'i3', 'i4', 'i5', 'i6', 'i7']);
});

test('row 4: an attempt that begins at the first page again begins a new generation', async () => {
  const { definition, manifest } = stormSyncs.resumable;
  stage = await openStage(manifest, { definition, items: 4, pageSize: 2 });
  stage.fault = { kind: 'worker dies', page: 0, committed: false };
  const runId = await stage.trigger();
  const first = await generationOf(runId);
  await stage.server.execute(runId);
  stage.fault = undefined;
  expect(await stage.finish(runId)).toMatchObject({ status: 'succeeded', counts: { added: 4 } });
  expect(await generationOf(runId)).toBeGreaterThan(first);
});

test('row 6: a provider that is empty once makes a run that is held; its hold is discarded or approved', async () => {
  const { definition, manifest } = stormSyncs.guarded;
  stage = await openStage(manifest, { definition, items: 30, pageSize: 10 });
  await stage.finish(await stage.trigger());
  const before = await stage.rows();
  for (const decision of ['discardHold', 'approveHold'] as const) {
    stage.fault = { kind: 'provider is empty' };
    const held = await stage.finish(await stage.trigger());
    stage.fault = undefined;
    expect(held).toMatchObject({ status: 'held', counts: { deleted: 0, held: 30 } });
    expect(await stage.rows()).toEqual(before);
    const { id } = await stage.room.database
      .selectFrom('holds')
      .select('id')
      .where('status', '=', 'pending')
      .executeTakeFirstOrThrow();
    const deleted = decision === 'approveHold' ? 30 : 0;
    expect(await stage.decisions[decision]({ environmentId: stage.room.environmentId, id: Number(id) })).toMatchObject({
      deleted,
    });
    expect(await stage.rows()).toHaveLength(30 - deleted);
  }
  expect(await stage.finish(await stage.trigger())).toMatchObject({ status: 'succeeded', counts: { added: 30 } });
});
