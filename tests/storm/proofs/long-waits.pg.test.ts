import { afterEach, expect, test } from 'vitest';
import { stormSyncs, toRow } from '../history/storm-syncs.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.close());

test('row 12: a run that has to wait for an hour gives its worker back, which another run uses, and goes on where it was', async () => {
  const { definition, manifest } = stormSyncs.resumable;
  stage = await openStage(manifest, { definition, items: 8, pageSize: 2, connections: 2 });
  const calls: string[] = [];
  stage.intercept = (path) => {
    calls.push(new URL(path, 'https://tracker.example').searchParams.get('after') ?? '');
    if (calls.length < 3) return undefined;
    return { status: 429, headers: { 'retry-after': '3600' }, body: '{}' };
  };
  const runId = await stage.trigger();
  // Resolves when the worker is free: the run waits in the queue.
  await stage.server.execute(runId);
  const waiting = await stage.getRun(runId);
  expect(waiting).toMatchObject({ status: 'queued', waitsFor: 'rate_limit', counts: { added: 4, deleted: 0 } });
  expect(Date.parse(waiting.notBefore ?? '') - stage.time.now()).toBeGreaterThan(3_500_000);
  const refused = calls.at(-1);
  expect(refused).not.toBe('');

  stage.intercept = () => undefined;
  expect(await stage.finish(await stage.trigger('c2'))).toMatchObject({ status: 'succeeded', counts: { added: 8 } });
  // It is not its time: a job that comes too early begins nothing.
  await stage.server.execute(runId);
  expect(await stage.getRun(runId)).toMatchObject({ status: 'queued', waitsFor: 'rate_limit' });

  calls.length = 0;
  stage.intercept = (path) => void calls.push(new URL(path, 'https://tracker.example').searchParams.get('after') ?? '');
  expect(await stage.finish(runId)).toMatchObject({ status: 'succeeded', counts: { added: 8, unchanged: 0 } });
  expect(calls[0]).toBe(refused);
  expect(new Set(await stage.rows())).toEqual(new Set(stage.truth.live().map(toRow)));
});
