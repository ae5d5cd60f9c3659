import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeServer } from '../../testing/fake-server.ts';
import { sampleLog, sampleRun } from '../../testing/samples.ts';
import { createTestContext } from '../../testing/test-context.ts';
import { runLogs } from '../logs/run-logs.ts';
import { runRunsCancel } from './run-runs-cancel.ts';
import { runRunsList } from './run-runs-list.ts';
import { runRunsRetry } from './run-runs-retry.ts';
import { runRunsShow } from './run-runs-show.ts';
import { parseSince } from '../logs/parse-since.ts';

let server: FakeServer;

beforeEach(async () => {
  server = await FakeServer.start();
});
afterEach(() => server.stop());

const context = (isJson = false) => createTestContext({ url: server.url, apiKey: server.apiKey, isJson });
const error = { code: 'script_failed', message: 'x is undefined', hint: 'Look at x.', stack: 'at run (a.ts:1:2)' };

describe('tenon runs', () => {
  it('lists runs with what they did', async () => {
    server.state.runs = [sampleRun(), sampleRun({ status: 'failed', error })];
    const test = context();
    await runRunsList(test, { limit: 20, status: 'failed', connection: 'user1' });
    expect(test.stdout()).toMatch(/github\/issues\s+user1\s+succeeded\s+\+12 ~3 -0\s+2026-01-02 03:04:05\s+0\.4s/);
    expect(server.requests[0]?.url).toBe('/v1/runs?connection=user1&status=failed&limit=20');
  });

  it('shows why a run failed and what it logged', async () => {
    const run = sampleRun({ status: 'failed', error });
    server.state.runs = [run];
    server.state.logs = [sampleLog(run.id, { level: 'warn', data: { page: 2 }, message: 'slow\u001B[2J page' })];
    const test = context();
    await runRunsShow(test, run.id, {});
    expect(test.stdout()).toContain('x is undefined');
    expect(test.stdout()).toContain('Look at x.');
    expect(test.stdout()).toContain('warn  slow page {"page":2}');
    expect(test.stdout()).not.toContain('\u001B');
  });

  it('cancels a run', async () => {
    const run = sampleRun({ status: 'running', finishedAt: null });
    server.state.runs = [run];
    const test = context();
    await runRunsCancel(test, run.id, {});
    expect(server.requests[0]).toMatchObject({ method: 'POST', url: `/v1/runs/${run.id}/cancel` });
    expect(test.stdout()).toContain('asked to stop');
  });
});

describe('tenon runs retry', () => {
  it('queues a run that does the same', async () => {
    const run = sampleRun({ status: 'failed', error });
    server.state.runs = [run];
    const test = context();
    await runRunsRetry(test, run.id, {});
    expect(server.requests[0]).toMatchObject({ method: 'POST', url: `/v1/runs/${run.id}/retry` });
    expect(test.stdout()).toMatch(/Queued github\/issues user1 as /);
  });

  it('shows what a run waits for, holds and has in quarantine', async () => {
    const counts = { ...sampleRun().counts, held: 7, quarantined: 2 };
    server.state.runs = [
      sampleRun({ status: 'queued', waitsFor: 'rate_limit', finishedAt: null }),
      sampleRun({ status: 'held', counts }),
    ];
    const test = context();
    await runRunsList(test, { limit: 20 });
    expect(test.stdout()).toContain('queued (rate limit)');
    expect(test.stdout()).toContain(', 7 held, 2 quarantined');
  });
});

describe('tenon logs', () => {
  it('asks for what is searched for', async () => {
    const test = context();
    const since = parseSince('2026-01-02T00:00:00Z');
    await runLogs(test, { limit: 5, search: 'page 2', kind: 'http', since, connection: 'user1' });
    expect(server.requests[0]?.url).toBe(
      '/v1/logs?kind=http&search=page+2&connection=user1&after=2026-01-02T00%3A00%3A00.000Z&limit=5',
    );
  });

  it('reads a duration as so long ago, and refuses what is neither', () => {
    expect(Math.abs(Date.now() - 7_200_000 - parseSince('2h').getTime())).toBeLessThan(60_000);
    expect(() => parseSince('yesterday-ish')).toThrow('Give a duration');
  });

  it('prints the oldest first, whichever order the server lists in', async () => {
    const run = sampleRun();
    server.state.logs = [
      sampleLog(run.id, { id: '2', message: 'second', at: '2026-01-02T03:04:06.000Z' }),
      sampleLog(run.id, { id: '1', message: 'first' }),
    ];
    const test = context(true);
    await runLogs(test, { limit: 100, run: run.id });
    expect(test.events()).toMatchObject([{ message: 'first' }, { message: 'second' }]);
  });

  it('follows what comes, once each and at the level that was asked for, until it is interrupted', async () => {
    const run = sampleRun();
    server.state.logs = [sampleLog(run.id)];
    const test = context();
    const following = runLogs(test, { limit: 100, follow: true, level: 'info' });
    await expect.poll(() => test.stdout(), { timeout: 10_000 }).toContain('read a page');
    server.emit({ type: 'log', run, entry: sampleLog(run.id) });
    server.emit({ type: 'log', run, entry: sampleLog(run.id, { id: '2', level: 'debug', message: 'details' }) });
    server.emit({ type: 'log', run, entry: sampleLog(run.id, { id: '3', level: 'error', message: 'broken' }) });
    await expect.poll(() => test.stdout(), { timeout: 10_000 }).toContain('broken');
    test.interrupt();
    await following;
    expect(test.stdout().match(/read a page/g)).toHaveLength(1);
    expect(test.stdout()).not.toContain('details');
    expect(test.stdout()).toContain('github/issues user1');
  });
});
