import { afterEach, expect, test } from 'vitest';
import { openEngineRoom, pageOf, type EngineRoom, type Script } from '../testing/engine-room.ts';
import { maxEntriesPerRun } from './run-logs.ts';

let room: EngineRoom;
afterEach(() => room.close());

/** A run that calls the provider so often, and says something in between. */
const calling =
  (calls: number, more: { said?: number; cursor?: string } = {}): Script =>
  async ({ onLog, onPage }) => {
    const at = Date.now();
    for (let n = 0; n < (more.said ?? 1); n++) onLog({ at, level: 'info', kind: 'log', message: 'hello' });
    for (let n = 0; n < calls; n++) onLog({ at, level: 'debug', kind: 'http', message: 'GET /issues' });
    await onPage(pageOf(1, ['a'], more.cursor === undefined ? {} : { cursor: more.cursor }));
    return { status: 'succeeded' };
  };

test('of runs that read everything the calls are kept, of the latest five, and of no others', async () => {
  room = await openEngineRoom();
  let script: Script = calling(0);
  const server = room.openServer((request) => script(request));
  await server.start();
  const run = async (next: Script) => {
    script = next;
    const place = { environmentId: room.environmentId, integration: 'tracker', connection: 'c1', sync: 'issues' };
    const { run: queued } = await server.triggerSync({ ...place, trigger: 'api' });
    return (await room.ended(queued.id)).status;
  };
  const counted = async () =>
    (await room.database.selectFrom('syncs').select('full_calls').executeTakeFirstOrThrow()).full_calls;

  expect(await counted()).toBeNull();
  expect(await run(calling(3))).toBe('succeeded');
  expect(await counted()).toEqual([3]);
  const failing: Script = async (request) => {
    await calling(9)(request);
    return { status: 'failed', error: { code: 'provider_error', message: 'No.' } };
  };
  expect(await run(failing)).toBe('failed');
  expect(await run(calling(8, { said: maxEntriesPerRun }))).toBe('succeeded');
  expect(await counted()).toEqual([3]);
  for (const calls of [4, 5, 6, 7, 8]) await run(calling(calls));
  expect(await counted()).toEqual([8, 7, 6, 5, 4]);

  // From here on there is a cursor: what a run reads says nothing of how much there is.
  await run(calling(50, { cursor: '2026-01-01' }));
  expect(await counted()).toEqual([50, 8, 7, 6, 5]);
  await run(calling(1));
  expect(await counted()).toEqual([50, 8, 7, 6, 5]);
});
