import { afterEach, expect, test } from 'vitest';
import { approveHold } from '../../records/holds/approve-hold.ts';
import { discardHold } from '../../records/holds/discard-hold.ts';
import { openEngineRoom, pageOf, type EngineRoom } from '../testing/engine-room.ts';
import { testSync } from '../testing/test-manifest.ts';

let room: EngineRoom;
afterEach(() => room.close());

const ids = (count: number) => Array.from({ length: count }, (_, n) => `i${n}`);

/** A sync with 100 records, whose provider has lost `missing` of them by its second run. */
async function openWithLoss(missing: number) {
  room = await openEngineRoom({ functions: [testSync({ deletes: 'absence' })] });
  let provided = 100;
  const server = room.openServer(async (request) => {
    await request.onPage(pageOf(1, ids(provided)));
    return { status: 'succeeded' };
  });
  await server.start();
  const { environmentId } = room;
  const runOnce = async (count: number) => {
    provided = count;
    const place = { environmentId, integration: 'tracker', connection: 'c1', sync: 'issues' };
    return room.ended((await server.triggerSync({ ...place, trigger: 'api' })).run.id);
  };
  await runOnce(100);
  return { run: await runOnce(100 - missing), runOnce };
}

async function countLive(): Promise<number> {
  return (await room.database.selectFrom('records').select('external_id').where('deleted_at', 'is', null).execute())
    .length;
}
const holds = () => room.database.selectFrom('holds').selectAll().orderBy('id').execute();

test('a run that would delete 30 of 100 is held, says what to do, and deletes nothing', async () => {
  const { run } = await openWithLoss(30);
  expect(run).toMatchObject({
    status: 'held',
    error: { code: 'deletions_held', hint: expect.stringContaining('tenon records holds') },
    counts: { read: 70, unchanged: 70, deleted: 0, held: 30 },
  });
  expect(await countLive()).toBe(100);
  expect(await holds()).toMatchObject([{ status: 'pending', run_id: run.id, record_count: 30, live_count: 100 }]);
});

test('a run that deletes no more than its share is not', async () => {
  const { run } = await openWithLoss(20);
  expect(run).toMatchObject({ status: 'succeeded', error: null, counts: { deleted: 20, held: 0 } });
  expect(await countLive()).toBe(80);
});

test('approved, they are deleted, and the next run that reads the same has nothing to delete', async () => {
  const { runOnce } = await openWithLoss(30);
  const id = Number((await holds())[0]?.id);
  const hold = { environmentId: room.environmentId, id, now: new Date() };
  const approved = await room.database
    .transaction()
    .execute((transaction) => approveHold({ keepHistory: true }, transaction, hold));
  expect(approved).toEqual({ deleted: 30 });
  expect(await countLive()).toBe(70);
  expect(await runOnce(70)).toMatchObject({ status: 'succeeded', counts: { deleted: 0, held: 0 } });
  expect(await holds()).toMatchObject([{ status: 'approved' }]);
});

test('discarded, they stay, until the next run that does not see them either asks again', async () => {
  const { runOnce } = await openWithLoss(30);
  const id = Number((await holds())[0]?.id);
  const hold = { environmentId: room.environmentId, id, now: new Date() };
  await room.database.transaction().execute((transaction) => discardHold(transaction, hold));
  expect(await countLive()).toBe(100);
  expect(await runOnce(70)).toMatchObject({ status: 'held', counts: { held: 30 } });
  expect((await holds()).map(({ status }) => status)).toEqual(['discarded', 'pending']);
});

test('the next run that sees them all again succeeds, and nobody is asked any more', async () => {
  const { runOnce } = await openWithLoss(30);
  expect(await runOnce(100)).toMatchObject({ status: 'succeeded', error: null, counts: { deleted: 0, held: 0 } });
  expect(await holds()).toMatchObject([{ status: 'superseded' }]);
  expect(await countLive()).toBe(100);
});
