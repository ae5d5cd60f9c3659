import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LogEntry } from '@tenon/runtime/contract';
import { createApiClient } from '../../api-client/create-api-client.ts';
import { FakeServer, refuse } from '../../testing/fake-server.ts';
import { sampleLog, sampleRun } from '../../testing/samples.ts';
import { createTestContext, type TestContext } from '../../testing/test-context.ts';
import { followLogs } from './follow-logs.ts';
import { runLogs } from './run-logs.ts';

const run = sampleRun();
const patience = { timeout: 15_000 };
let server: FakeServer;

beforeEach(async () => {
  server = await FakeServer.start();
});
afterEach(() => server.stop());

const context = (isJson = true) => createTestContext({ url: server.url, apiKey: server.apiKey, isJson });
const entryOf = (id: number, message = `line ${id}`): LogEntry => sampleLog(run.id, { id: String(id), message });
const printed = (test: TestContext) => test.events().map((entry) => Number((entry as LogEntry).id));

/** Stores entries without telling anybody, as while nobody listens. */
function store(from: number, to = from): void {
  for (let id = from; id <= to; id += 1) server.state.logs.push(entryOf(id));
}

function say(id: number): void {
  const entry = entryOf(id);
  server.state.logs.push(entry);
  server.emit({ type: 'log', run, entry });
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe.each([
  ['of all runs', {}],
  ['of one run', { run: run.id }],
])('tenon logs --follow %s', (_name, flags) => {
  it('goes on after a restart, with what was logged meanwhile, each line once and in order', async () => {
    store(1, 3);
    const test = context();
    const following = runLogs(test, { limit: 100, follow: true, ...flags });
    await expect.poll(() => printed(test), patience).toEqual([1, 2, 3]);
    say(4);
    await expect.poll(() => printed(test), patience).toEqual(range(1, 4));
    await server.stop();
    store(5, 2_304);
    await server.startAgain();
    await expect.poll(() => printed(test).length, patience).toBe(2_304);
    // An entry that came by the list comes as an event as well.
    server.emit({ type: 'log', run, entry: entryOf(2_304) });
    say(2_305);
    await expect.poll(() => printed(test), patience).toEqual(range(1, 2_305));
    test.interrupt();
    await following;
  });

  it('shows the last ones first, and none of those before them when the connection drops', async () => {
    store(1, 250);
    const test = context();
    const following = runLogs(test, { limit: 2, follow: true, ...flags });
    await expect.poll(() => printed(test), patience).toEqual([249, 250]);
    server.dropStreams();
    store(251);
    await expect.poll(() => printed(test), patience).toEqual([249, 250, 251]);
    test.interrupt();
    await following;
  });
});

describe('tenon logs --follow', () => {
  it('says on stderr that the server is away, once, and that it is back', async () => {
    const test = context(false);
    const following = runLogs(test, { limit: 10, follow: true });
    await expect.poll(() => server.streams, patience).toBe(1);
    store(1);
    server.answerNext('GET /v1/events', refuse(503, 'unavailable', 'Starting.'), {
      status: 502,
      body: '<h1>Bad gateway</h1>',
    });
    server.dropStreams();
    await expect.poll(() => test.stderr(), patience).toContain('The server is back');
    expect(test.stderr().match(/Trying again until it is back/g)).toHaveLength(1);
    expect(test.stdout()).toContain('line 1');
    expect(test.stdout()).not.toContain('Trying again');
    test.interrupt();
    await following;
  });

  it('finds an entry whose id is below one that was read before', async () => {
    const test = context();
    const following = runLogs(test, { limit: 10, follow: true });
    await expect.poll(() => server.streams, patience).toBe(1);
    say(8);
    await expect.poll(() => printed(test), patience).toEqual([8]);
    store(7);
    server.dropStreams();
    await expect.poll(() => printed(test), patience).toEqual([8, 7]);
    test.interrupt();
    await following;
  });

  it('fails at once when the server is away from the beginning, and when it refuses the key later', async () => {
    const test = context();
    const following = runLogs(test, { limit: 10, follow: true });
    await expect.poll(() => server.streams, patience).toBe(1);
    server.answerNext('GET /v1/events', refuse(401, 'unauthorized', 'The key was revoked.'));
    server.dropStreams();
    await expect(following).rejects.toMatchObject({ code: 'unauthorized' });
    await server.stop();
    await expect(runLogs(context(), { limit: 10, follow: true })).rejects.toMatchObject({ code: 'server_unreachable' });
    await server.startAgain();
  });

  it('ends without an error when it is interrupted while the server is away', async () => {
    const test = context();
    const following = runLogs(test, { limit: 10, follow: true });
    await expect.poll(() => server.streams, patience).toBe(1);
    await server.stop();
    test.interrupt();
    await following;
    await server.startAgain();
  });

  it('takes events for wanted as the server takes entries of its list', async () => {
    const test = context();
    const following = runLogs(test, { limit: 10, follow: true, search: 'open iss', kind: 'log' });
    await expect.poll(() => server.streams, patience).toBe(1);
    const messages = ['GET /issues?state=open', 'reopen issues', 'no such words', 'Open: Issue 3'];
    for (const [index, message] of messages.entries()) {
      server.emit({ type: 'log', run, entry: entryOf(index + 1, message) });
    }
    await expect.poll(() => printed(test), patience).toEqual([1, 4]);
    test.interrupt();
    await following;
  });

  it.each([
    ['of all runs', {}],
    ['of one run', { run: run.id }],
  ])(
    'finds what another server on the same database logged (%s), and asks for little while nothing comes',
    async (_name, more) => {
      store(1, 3);
      const test = context();
      const client = createApiClient({ url: server.url, apiKey: server.apiKey });
      const flags = { limit: 10, follow: true, ...more };
      const print = (entry: LogEntry) => test.output.event(entry);
      const following = followLogs(test, { server: client, flags, print, checkMs: 10 });
      await expect.poll(() => printed(test), patience).toEqual([1, 2, 3]);
      say(5);
      await expect.poll(() => printed(test), patience).toEqual([1, 2, 3, 5]);
      store(4);
      store(6);
      await expect.poll(() => printed(test), patience).toEqual([1, 2, 3, 5, 4, 6]);
      const limits = () =>
        server.requests.slice(-4).map(({ url }) => new URL(url, server.url).searchParams.get('limit'));
      await expect.poll(limits, patience).toEqual(['1', '1', '1', '1']);
      test.interrupt();
      await following;
      client.close();
    },
  );
});
