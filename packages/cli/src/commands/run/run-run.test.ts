import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeServer, refuse } from '../../testing/fake-server.ts';
import { sampleLog, sampleRun, sampleSync } from '../../testing/samples.ts';
import { createTestContext } from '../../testing/test-context.ts';
import { runRun } from './run-run.ts';

let server: FakeServer;

beforeEach(async () => {
  server = await FakeServer.start();
  server.state.syncs = [sampleSync()];
});
afterEach(() => server.stop());

const context = (isJson = false) => createTestContext({ url: server.url, apiKey: server.apiKey, isJson });

/** Ends a triggered run as its worker would: a log entry, then the end. */
function endRuns(over: Parameters<typeof sampleRun>[0] = {}): void {
  server.onTrigger = (run) => {
    const ended = sampleRun({ ...run, status: 'succeeded', finishedAt: '2026-01-02T03:04:06.000Z', ...over });
    const entry = sampleLog(run.id);
    server.state.logs = [entry, sampleLog(run.id, { id: '2', message: 'the last word' })];
    setImmediate(() => {
      server.emit({ type: 'log', run: { ...ended }, entry });
      server.state.runs.push(ended);
      server.emit({ type: 'run.finished', run: ended });
    });
  };
}

describe('tenon run', () => {
  it('triggers a sync, prints each log entry once and then what it did', async () => {
    endRuns();
    const test = context();
    await runRun(test, 'github/issues', { connection: 'user1' });
    expect(test.stdout()).toBe('✓ github/issues user1 +12 ~3 -0 in 1.0s\n');
    expect(test.stderr().match(/read a page/g)).toHaveLength(1);
    expect(test.stderr()).toContain('the last word');
  });

  it("ends with the code of the run's error", async () => {
    endRuns({
      status: 'auth_failed',
      error: { code: 'provider_unauthorized', message: 'Refused.', hint: 'Reconnect.' },
    });
    await expect(runRun(context(), 'github/issues', { connection: 'user1' })).rejects.toMatchObject({
      code: 'provider_unauthorized',
      exitCode: 13,
      hint: 'Reconnect.',
    });
  });

  it('finds the end by asking when the events are lost', async () => {
    server.onTrigger = (run) => {
      server.dropStreams();
      server.state.runs.push(sampleRun({ ...run, status: 'succeeded', finishedAt: '2026-01-02T03:04:06.000Z' }));
    };
    const test = context(true);
    await runRun(test, 'github/issues', { connection: 'user1' });
    expect(JSON.parse(test.stdout())).toMatchObject({ run: { status: 'succeeded' } });
  });

  it('calls what is not a sync as an action, with its input', async () => {
    server.state.actions = { 'create-issue': (input) => ({ got: input }) };
    const test = context();
    await runRun(test, 'github/create-issue', { connection: 'user1', input: '{"title":"x"}' });
    expect(JSON.parse(test.stdout())).toEqual({ got: { title: 'x' } });
    const bare = context();
    await runRun(bare, 'github/create-issue', { connection: 'user1' });
    expect(JSON.parse(bare.stdout())).toEqual({ got: {} });
  });

  it("ends with the code of an action's error", async () => {
    server.answerNext('POST /v1/connections', refuse(400, 'input_invalid', 'title is missing.'));
    await expect(runRun(context(), 'github/create-issue', { connection: 'user1', input: '{}' })).rejects.toMatchObject({
      code: 'input_invalid',
      exitCode: 11,
    });
  });

  it('stops following when it is interrupted', async () => {
    const test = context();
    server.onTrigger = () => setImmediate(() => test.interrupt());
    await expect(runRun(test, 'github/issues', { connection: 'user1' })).rejects.toMatchObject({ code: 'interrupted' });
  });

  it.each([
    ['issues', undefined],
    ['github/', undefined],
    ['github/issues', '{broken'],
    ['github/issues', '@/no/such/file'],
  ])('refuses %s with the input %s', async (name, input) => {
    const flags = { connection: 'user1', ...(input !== undefined && { input }) };
    await expect(runRun(context(), name, flags)).rejects.toMatchObject({ code: 'usage_invalid' });
    expect(server.requests).toEqual([]);
  });

  it('does not take a connection that is missing for a function that is', async () => {
    server.answerNext('POST', refuse(404, 'not_found', 'There is no connection nobody of github.'));
    await expect(runRun(context(), 'github/issues', { connection: 'nobody' })).rejects.toMatchObject({
      code: 'not_found',
      message: 'There is no connection nobody of github.',
    });
  });

  it('says that there is no such function', async () => {
    await expect(runRun(context(), 'github/nothing', { connection: 'user1' })).rejects.toMatchObject({
      code: 'not_found',
      message: 'The active version has no sync or action github/nothing.',
    });
  });
});
