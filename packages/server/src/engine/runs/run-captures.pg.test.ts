import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { afterEach, expect, test } from 'vitest';
import type { Run } from '@tenon/runtime/contract';
import { createCaptureStore } from '../../captures/capture-store.ts';
import { sampleCapture as captureOf } from '../../captures/testing/sample-capture.ts';
import { decrypt } from '../../credentials/envelope.ts';
import { createKeyring } from '../../credentials/keyring.ts';
import type { RunOutcome } from '../../workers/run-request.ts';
import { openEngineRoom, type EngineRoom, type Script } from '../testing/engine-room.ts';
import { testSync } from '../testing/test-manifest.ts';

let room: EngineRoom;
afterEach(() => room.close());

const failed = (code = 'script_failed'): RunOutcome => ({ status: 'failed', error: { code, message: 'no title' } });

/** A script that ends so; a worker sends its capture just before. */
const endAs =
  (outcome: RunOutcome, capture?: (runId: string) => Uint8Array): Script =>
  (request) => {
    if (capture) request.onCapture?.(capture(request.start.runId));
    return Promise.resolve(outcome);
  };
const zipped = (runId: string): Uint8Array => gzipSync(JSON.stringify(captureOf(runId)));

async function runOnce(script: Script, more: Parameters<EngineRoom['openServer']>[2] = {}): Promise<Run> {
  const server = room.openServer(script, {}, more);
  await server.start();
  const names = { environmentId: room.environmentId, integration: 'tracker', connection: 'c1', sync: 'issues' };
  const { run } = await server.triggerSync({ ...names, trigger: 'manual' });
  const ended = await room.ended(run.id);
  return ended;
}

const readFrom = (run: Run, days = 7, now = Date.now) =>
  createCaptureStore({ database: room.database, keyring, days, now }).read(run);
const keyring = createKeyring(randomBytes(32));
const storeOf = (days: number) => createCaptureStore({ database: room.database, keyring, days, now: Date.now });

test('a run that fails leaves what it met, encrypted, before anybody hears of its end', async () => {
  room = await openEngineRoom();
  const limits: unknown[] = [];
  const run = await runOnce(
    (request) => {
      limits.push(request.start.capture);
      return endAs(failed(), zipped)(request);
    },
    { captures: storeOf(7) },
  );
  expect(limits).toEqual([{ runBytes: 4_000_000, bodyBytes: 1_000_000, always: false }]);
  expect(await readFrom(run)).toEqual(captureOf(run.id));
  const row = await room.database.selectFrom('run_captures').selectAll().executeTakeFirstOrThrow();
  expect(row.capture.toString('latin1')).not.toContain('ada@');
  await expect(
    decrypt(row.capture, { keyring, place: { table: 'run_captures', column: 'capture', row: Number(row.id) + 1 } }),
  ).rejects.toMatchObject({ code: 'decryption_failed' });
});

test('the last attempt that failed is the one that is kept', async () => {
  const retry = { attempts: 3, backoffMs: 1, maxBackoffMs: 2 };
  room = await openEngineRoom({ functions: [testSync({ retry })] });
  let attempts = 0;
  const run = await runOnce(
    (request) => {
      attempts += 1;
      request.onCapture?.(
        gzipSync(JSON.stringify(captureOf(request.start.runId, { start: { cursor: `${attempts}` } }))),
      );
      return Promise.resolve(failed('provider_unreachable'));
    },
    { captures: storeOf(7) },
  );
  expect(attempts).toBe(3);
  expect((await readFrom(run)).start).toEqual({ cursor: '3' });
  const { rows } = await sql<{ attempt: number }>`select attempt from run_captures`.execute(room.database);
  expect(rows).toEqual([{ attempt: 3 }]);
});

test('nothing is captured where that is turned off', async () => {
  room = await openEngineRoom();
  let limits: unknown = 'none';
  const run = await runOnce(
    (request) => {
      limits = request.start.capture;
      return endAs(failed(), zipped)(request);
    },
    { captures: storeOf(0) },
  );
  expect(limits).toBeUndefined();
  await expect(readFrom(run, 0)).rejects.toMatchObject({ code: 'capture_missing', details: { reason: 'off' } });
});

test.each<[reason: string, outcome: RunOutcome, captured: boolean]>([
  ['succeeded', { status: 'succeeded' }, true],
  ['worker_died', failed('script_out_of_memory'), false],
  ['worker_died', failed('script_exited'), false],
  ['not_captured', failed('not_found'), false],
])('a run without a capture says why: %s', async (reason, outcome, captured) => {
  room = await openEngineRoom();
  const run = await runOnce(endAs(outcome, captured ? zipped : undefined), { captures: storeOf(7) });
  await expect(readFrom(run)).rejects.toMatchObject({ code: 'capture_missing', status: 404, details: { reason } });
});

test('a capture whose time is over has expired', async () => {
  room = await openEngineRoom();
  const run = await runOnce(endAs(failed()), { captures: storeOf(7) });
  const inEightDays = () => Date.now() + 8 * 86_400_000;
  await expect(readFrom(run, 7, inEightDays)).rejects.toMatchObject({ details: { reason: 'expired' } });
});

test('what a script sends in the name of a capture does no harm', async () => {
  room = await openEngineRoom();
  const other = '01980000-0000-7000-8000-000000000000';
  const run = await runOnce(
    endAs(failed(), () => zipped(other)),
    { captures: storeOf(7) },
  );
  await expect(readFrom(run)).rejects.toMatchObject({ code: 'capture_invalid' });
  await storeOf(7).keep({ id: run.id, attempt: 2 }, gzipSync(Buffer.alloc(70_000_000)));
  await expect(readFrom(run)).rejects.toMatchObject({ code: 'capture_invalid' });
  await storeOf(7).keep({ id: run.id, attempt: 2 }, Buffer.from('no gzip'));
  await expect(readFrom(run)).rejects.toMatchObject({ code: 'capture_invalid' });
});
