import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApiClient } from '../api-client/create-api-client.ts';
import { createTestProject } from '../testing/create-test-project.ts';
import { FakeServer } from '../testing/fake-server.ts';
import { sampleLog, sampleRun } from '../testing/samples.ts';
import { createTestContext } from '../testing/test-context.ts';
import { streamRuns } from './stream-runs.ts';

let server: FakeServer;

beforeEach(async () => {
  server = await FakeServer.start();
});
afterEach(() => server.stop());

const opened = () => server.requests.filter(({ url }) => url === '/v1/events').length;

describe('streamRuns', () => {
  it('prints a line a run, the place of an error, and comes back when the stream breaks off', async () => {
    const { root } = await createTestProject({ 'integrations/demo/syncs/a.ts': 'first\nsecond\n' });
    const test = createTestContext();
    const client = createApiClient(server);
    const streaming = streamRuns(client, { output: test.output, root, signal: test.signal, reconnectMs: 1 });
    await expect.poll(opened, { timeout: 10_000 }).toBe(1);
    const run = sampleRun();
    server.emit({ type: 'log', run, entry: sampleLog(run.id) });
    server.emit({ type: 'log', run, entry: sampleLog(run.id, { level: 'debug', message: 'hidden' }) });
    server.emit({ type: 'run.finished', run });
    await expect.poll(() => test.stdout(), { timeout: 10_000 }).toContain('✓ github/issues user1 +12 ~3 -0 in 0.4s\n');
    server.dropStreams();
    await expect.poll(opened, { timeout: 10_000 }).toBe(2);
    const error = {
      code: 'script_failed',
      message: 'x is undefined',
      hint: 'Look.',
      stack: 'Error: x\n    at run (integrations/demo/syncs/a.ts:2:3)',
    };
    server.emit({ type: 'run.finished', run: sampleRun({ status: 'failed', error }) });
    await expect.poll(() => test.stdout(), { timeout: 10_000 }).toContain('> 2 | second');
    expect(test.stdout()).toContain('✗ github/issues user1 +12 ~3 -0 failed');
    expect(test.stdout()).toContain('integrations/demo/syncs/a.ts:2');
    expect(test.stdout()).not.toContain('hidden');
    test.interrupt();
    await streaming;
    client.close();
  });
});
