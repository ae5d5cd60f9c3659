import { afterEach, expect, test } from 'vitest';
import { createGate, openEngineRoom, pageOf, type EngineRoom } from '../../engine/testing/engine-room.ts';
import { testSync } from '../../engine/testing/test-manifest.ts';
import { noteActivation } from '../storage/note-activation.ts';
import { createRollbacks } from './create-rollbacks.ts';

let room: EngineRoom;
afterEach(() => room.close());

test('events that were not taken yet when records are taken back are taken afterwards, in their order', async () => {
  room = await openEngineRoom({ functions: [testSync({ hasWebhook: true })] });
  const { database, environmentId } = room;
  await room.deploy([testSync({ hasWebhook: true, timeoutMs: 90_000 })]);
  await database
    .transaction()
    .execute((transaction) => noteActivation(transaction, { environmentId, version: 2, previousVersion: 1 }));

  const [begun, gate] = [createGate(), createGate()];
  const taken: unknown[] = [];
  const server = room.openServer(
    async (request) => {
      const { body } = request.start.sync?.event ?? {};
      begun.open();
      await gate.opened;
      await request.onPage(pageOf(1, [String(body)]));
      taken.push(body);
      return { status: 'succeeded' };
    },
    { heartbeatMs: 100 },
  );
  await server.start();
  const place = { environmentId, integration: 'tracker', connection: 'c1', sync: 'issues' };
  const runIds: string[] = [];
  for (const body of ['first', 'second', 'third']) {
    runIds.push((await server.forwardEvent({ ...place, headers: {}, body })).run.id);
  }
  await begun.opened;

  const rollbacks = createRollbacks({ database, now: Date.now, keepHistory: true });
  await rollbacks.rollBack({ environmentId, version: 1, baseVersion: 2, data: true });
  gate.open();
  for (const id of runIds) expect(await room.ended(id)).toMatchObject({ status: 'succeeded', version: 1 });
  expect(taken).toEqual(['first', 'second', 'third']);
}, 60_000);
