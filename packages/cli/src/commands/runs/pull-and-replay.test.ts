import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunCapture } from '@tenon/runtime/contract';
import { createTestProject, type TestProject } from '../../testing/create-test-project.ts';
import { FakeServer, refuse } from '../../testing/fake-server.ts';
import { recordedSyncText, sampleDryRun } from '../../testing/sample-dry-run.ts';
import { createTestContext, type TestContext } from '../../testing/test-context.ts';
import { runTest } from '../test/run-test.ts';
import { runRunsPull } from './run-runs-pull.ts';
import { runRunsReplay } from './run-runs-replay.ts';

const id = '0190a0a0-0000-7000-8000-0000000abcde';
const source = 'integrations/demo/syncs/issues.ts';
const file = 'tests/demo/issues/run-000abcde.recording.json';
const error = { code: 'script_failed', message: 'no issues' };
const failingText = recordedSyncText.replace(
  "await sync.save('Issue', data);",
  "if (data.length > 0) throw new Error('no issues');",
);

let server: FakeServer;
let project: TestProject;
beforeEach(async () => {
  server = await FakeServer.start();
});
afterEach(() => server.stop());

function context(isJson = false): TestContext {
  return createTestContext({ cwd: project.root, url: server.url, apiKey: server.apiKey, isJson });
}

/** The server kept this of the run. */
function keep(over: Partial<RunCapture> = {}): void {
  const { capture } = sampleDryRun();
  const body = { ...capture, runId: id, version: 3, status: 'failed', error, ...over };
  server.answerNext(`GET /v1/runs/${id}/capture`, { status: 200, body });
}

async function makeProject(text = failingText): Promise<void> {
  project = await createTestProject({ [source]: text });
}

const read = async (path: string): Promise<{ outcome: object }> =>
  JSON.parse(await readFile(join(project.root, path), 'utf8')) as { outcome: object };
const hasNothing = () => !existsSync(join(project.root, 'tests'));

describe('tenon runs pull', () => {
  it('writes a recording that fails as the run did, and says what to do next', async () => {
    await makeProject();
    keep();
    const test = context();
    await runRunsPull(test, id, {});
    expect(test.stdout()).toContain(`✓ ${file}  1 requests`);
    expect(test.stdout()).toContain('reproduced: same error (script_failed: no issues)');
    expect(test.stderr()).toContain('Fix demo/issues');
    expect(test.stderr()).toContain('`tenon test --update`');
    expect((await read(file)).outcome).toMatchObject({ error });
    await runTest(context(), undefined, {});
  });

  it('leaves a test that, once the script is fixed, says plainly that it expected the failure, until --update', async () => {
    await makeProject();
    keep();
    await runRunsPull(context(), id, {});
    await project.write({ [source]: recordedSyncText });
    const test = context();
    await expect(runTest(test, undefined, {})).rejects.toMatchObject({ code: 'test_failed' });
    expect(test.stdout()).toContain(
      'expected the run to fail with script_failed (no issues), it succeeded: if that is the fix, run `tenon test --update`',
    );
    const updated = context();
    await runTest(updated, undefined, { update: true });
    expect(updated.stdout()).not.toContain('expected the run to fail');
    expect((await read(file)).outcome).not.toHaveProperty('error');
    await runTest(context(), undefined, {});
  });

  it('says the same of partitions that do not fail any more', async () => {
    await makeProject(recordedSyncText);
    keep({ error: undefined, status: 'partial' });
    await runRunsPull(context(), id, {});
    const recording = await read(file);
    const outcome = { ...recording.outcome, failedPartitions: { eu: error.code } };
    await project.write({ [file]: JSON.stringify({ ...recording, outcome }) });
    const test = context();
    await expect(runTest(test, undefined, {})).rejects.toMatchObject({ code: 'test_failed' });
    expect(test.stdout()).toContain('expected partitions to fail (eu), they succeeded');
  });

  it.each([
    ['succeeds here', recordedSyncText, 'does not reproduce: here it succeeds (the run failed with script_failed)'],
    ['asks for something else here', recordedSyncText.replace("'/issues'", "'/other'"), 'does not reproduce: '],
    [
      'fails in another way here',
      failingText.replace("new Error('no issues')", "new Error('other words')"),
      'reproduced: same error (script_failed), in other words: other words',
    ],
  ])('says so when the script %s', async (_what, text, expected) => {
    await makeProject(text);
    keep();
    const [test, json] = [context(), context(true)];
    await runRunsPull(test, id, {});
    expect(test.stdout()).toContain(expected);
    keep();
    await runRunsPull(json, id, { name: 'again' });
    const isReproduced = expected.startsWith('reproduced');
    expect(JSON.parse(json.stdout())).toMatchObject({ reproduced: isReproduced, serverError: error });
    if (!isReproduced) expect(test.stderr()).toContain('The run executed version 3');
  });

  it.each([
    ['is cut', { cut: { exchanges: 2, bodies: 1, reads: 0 } }, '2 exchanges, 1 bodies are missing'],
    [
      'has a request without an answer',
      { unanswered: [{ method: 'GET', path: '/x', reason: 'timeout' as const }] },
      'did not answer GET /x',
    ],
    ['is of the quarantine', { kind: 'replay' as const }, 'quarantine'],
  ])('writes nothing when what was kept %s', async (_what, over, message) => {
    await makeProject();
    keep(over);
    const failure: unknown = await runRunsPull(context(), id, {}).catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ code: 'recording_invalid', message: expect.stringContaining(message) });
    expect(hasNothing()).toBe(true);
  });

  it('writes nothing when nothing was kept, the function is not here, or a name is taken', async () => {
    await makeProject();
    const missing = refuse(404, 'capture_missing', 'There is no capture.', { details: { reason: 'worker_died' } });
    server.answerNext(`GET /v1/runs/${id}/capture`, missing);
    await expect(runRunsPull(context(), id, {})).rejects.toMatchObject({
      code: 'capture_missing',
      details: { reason: 'worker_died' },
    });
    keep({ function: { integration: 'demo', name: 'other' } });
    await expect(runRunsPull(context(), id, {})).rejects.toMatchObject({ code: 'not_found' });
    expect(hasNothing()).toBe(true);
    keep();
    await runRunsPull(context(), id, {});
    const before = await readFile(join(project.root, file), 'utf8');
    keep({ clock: '2026-02-02T00:00:00.000Z' });
    await expect(runRunsPull(context(), id, {})).rejects.toMatchObject({ code: 'file_exists' });
    expect(await readFile(join(project.root, file), 'utf8')).toBe(before);
  });
});

describe('tenon runs replay', () => {
  const dryRuns = 'POST /v1/connections/demo/user1/dry-runs';

  it('runs from where the failed run began, and says what would be written', async () => {
    await makeProject();
    keep({ start: { cursor: '2026-01-01', records: { Issue: [{ id: '1' }] }, partitions: { eu: { cursor: 'a' } } } });
    server.answerNext(dryRuns, { status: 200, body: sampleDryRun() });
    const test = context();
    await runRunsReplay(test, id, {});
    expect(JSON.parse(server.requests.at(-1)?.body ?? '')).toMatchObject({
      kind: 'sync',
      function: 'issues',
      start: { cursor: '2026-01-01', partitions: { eu: { cursor: 'a' } } },
    });
    expect(server.requests.at(-1)?.body).not.toContain('"code"');
    expect(test.stdout()).toContain('demo/issues user1 succeeded: would be +1 ~0 -0');
    expect(test.stderr()).toContain('Nothing was written.');
  });

  it('fails as the function still does, after telling what it would have written', async () => {
    await makeProject();
    keep();
    const { outcome } = sampleDryRun();
    const result = { status: 'failed' as const, outcome: { ...outcome, error: { ...error, hint: 'Look.' } } };
    server.answerNext(dryRuns, { status: 200, body: sampleDryRun({ result }) });
    const test = context();
    await expect(runRunsReplay(test, id, {})).rejects.toMatchObject({ code: 'script_failed', hint: 'Look.' });
    expect(test.stdout()).toContain('failed: would be');
  });

  it('runs nothing when nothing was kept, and says when the key may not', async () => {
    await makeProject();
    server.answerNext(`GET /v1/runs/${id}/capture`, refuse(404, 'capture_missing', 'There is no capture.'));
    await expect(runRunsReplay(context(), id, {})).rejects.toMatchObject({ code: 'capture_missing' });
    expect(server.requests.map(({ method }) => method)).toEqual(['GET']);
    keep();
    server.answerNext(dryRuns, refuse(403, 'forbidden', 'No.', { details: { scope: 'runs:dry' } }));
    await expect(runRunsReplay(context(), id, {})).rejects.toMatchObject({
      code: 'forbidden',
      details: { scope: 'runs:dry' },
    });
  });
});
