import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestProject, type TestProject } from '../../testing/create-test-project.ts';
import { FakeServer } from '../../testing/fake-server.ts';
import { recordedSyncText, sampleDryRun } from '../../testing/sample-dry-run.ts';
import { createTestContext, type TestContext } from '../../testing/test-context.ts';
import { runLocal } from '../run/run-local.ts';
import { runTest } from '../test/run-test.ts';
import { runRecord } from './run-record.ts';

let server: FakeServer;
let project: TestProject;

beforeEach(async () => {
  server = await FakeServer.start();
});
afterEach(() => server.stop());

const source = 'integrations/demo/syncs/issues.ts';
const file = 'tests/demo/issues/first.recording.json';
const testFile = 'tests/demo/issues.test.ts';
const flags = { connection: 'user1', name: 'first' };

function context(isJson = false): TestContext {
  return createTestContext({ cwd: project.root, url: server.url, apiKey: server.apiKey, isJson });
}

function answer(...results: Parameters<typeof sampleDryRun>): void {
  server.answerNext('POST /v1/connections/demo/user1/dry-runs', { status: 200, body: sampleDryRun(...results) });
}

async function makeProject(text = recordedSyncText): Promise<void> {
  project = await createTestProject({ [source]: text });
}

const read = (path: string): Promise<string> => readFile(join(project.root, path), 'utf8');

async function recordFirst(): Promise<void> {
  await makeProject();
  answer();
  await runRecord(context(), 'demo/issues', flags);
}

describe('tenon record', () => {
  it("sends the code of this machine, and writes a recording and its function's first test", async () => {
    await makeProject();
    answer();
    const test = context();
    await runRecord(test, 'demo/issues', { ...flags, limitPages: 3, fromStart: true });
    const sent = JSON.parse(server.requests[0]?.body ?? '') as { code: { bundle: string } };
    expect(sent).toMatchObject({ kind: 'sync', function: 'issues', start: {}, limitPages: 3 });
    expect(sent.code.bundle).toContain('read a page');
    expect(test.stdout()).toContain(`✓ ${file}  1 requests, 1 Issue`);
    expect(JSON.parse(await read(file))).toMatchObject({
      formatVersion: 1,
      function: { integration: 'demo', name: 'issues' },
      outcome: { records: { Issue: [{ id: '1' }] } },
    });
    const generated = await read(testFile);
    expect(generated).toContain(`import script from '../../${source}'`);
    expect(generated).toContain('assert.deepEqual(outcome.deleted, expected.deleted)');
    expect(generated).toContain('assert.deepEqual(outcome.checkpoint, expected.checkpoint)');
  });

  it('never touches a test that exists, nor a recording without --replace', async () => {
    await recordFirst();
    await writeFile(join(project.root, testFile), '// mine\n');
    await expect(runRecord(context(), 'demo/issues', flags)).rejects.toMatchObject({ code: 'file_exists' });
    expect(server.requests).toHaveLength(1);
    answer();
    await runRecord(context(), 'demo/issues', { ...flags, replace: true });
    answer();
    await runRecord(context(), 'demo/issues', { ...flags, name: 'second' });
    expect(await read(testFile)).toBe('// mine\n');
    expect(await read('tests/demo/issues/second.recording.json')).toBe(await read(file));
  });

  it('writes a test for vitest where the project has vitest', async () => {
    await makeProject();
    await project.write({ 'package.json': '{ "type": "module", "devDependencies": { "vitest": "4" } }' });
    answer();
    await runRecord(context(), 'demo/issues', flags);
    expect(await read(testFile)).toContain("from 'vitest'");
  });

  it('writes nothing when a secret is left, and names the place, not the secret', async () => {
    await makeProject();
    const secret = `ghp_${'a1B2'.repeat(9)}`;
    const exchanges = [
      {
        request: { method: 'GET', path: '/issues' },
        response: { status: 200, headers: {}, body: [{ id: '1', updatedAt: secret }] },
      },
    ];
    answer({ capture: { exchanges } });
    const failure: unknown = await runRecord(context(), 'demo/issues', flags).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'recording_secret',
      message: expect.stringContaining('$.exchanges[0].response.body[0].updatedAt (a GitHub token)'),
    });
    expect(JSON.stringify(failure)).not.toContain(secret);
    expect(existsSync(join(project.root, 'tests'))).toBe(false);
    answer({ capture: { exchanges } });
    const allowSecret = ['$.exchanges[0].response.body[0].updatedAt', '$.outcome.records.Issue[0].updatedAt'];
    await runRecord(context(), 'demo/issues', { ...flags, allowSecret });
    expect(existsSync(join(project.root, file))).toBe(true);
  });

  it("takes the times of the replay's clock over into the requests", async () => {
    await makeProject(
      recordedSyncText.replace("'/issues'", "'/issues', { params: { before: new Date().toISOString() } }"),
    );
    const path = '/issues?before=2026-01-02T03%3A04%3A09.123Z';
    const exchanges = [{ request: { method: 'GET', path }, response: { status: 200, headers: {}, body: [] } }];
    answer({ capture: { clock: '2026-01-02T03:04:05.000Z', exchanges } });
    await runRecord(context(), 'demo/issues', flags);
    expect(await read(file)).toContain('before=2026-01-02T03%3A04%3A05.000Z');
  });

  it.each([
    ['cut', { cut: { exchanges: 2, bodies: 0, reads: 0 } }],
    ['unanswered', { unanswered: [{ method: 'GET', path: '/x', reason: 'timeout' as const }] }],
  ])('refuses a run of which something is missing (%s)', async (_what, capture) => {
    await makeProject();
    answer({ capture });
    await expect(runRecord(context(), 'demo/issues', flags)).rejects.toMatchObject({ code: 'recording_invalid' });
    expect(existsSync(join(project.root, 'tests'))).toBe(false);
  });

  it.each([
    ['a function that is not there', 'demo/nothing', {}, 'not_found'],
    ['a name that is none', 'demo/issues', { name: '../x' }, 'usage_invalid'],
    ['a name that Windows keeps for itself', 'demo/issues', { name: 'nul' }, 'usage_invalid'],
    ['an input for a sync', 'demo/issues', { input: '{}' }, 'usage_invalid'],
    ['an event without a body', 'demo/issues', { event: '[]' }, 'usage_invalid'],
    ['a variable without a value', 'demo/issues', { variable: ['X'] }, 'usage_invalid'],
  ])('refuses %s before it asks the server', async (_what, name, over, code) => {
    await makeProject();
    await expect(runRecord(context(), name, { ...flags, ...over })).rejects.toMatchObject({ code });
    expect(server.requests).toEqual([]);
  });
});

describe('tenon test', () => {
  it('replays what was recorded', async () => {
    await recordFirst();
    const test = context();
    await runTest(test, undefined, { resumeEverywhere: true });
    expect(test.stdout()).toMatch(/✓ demo\/issues {2}first {2}resumed at 1 page {2}\d+\.\d\ds\n\n1 passed in/);
    const json = context(true);
    await runTest(json, 'tests/demo/issues', {});
    expect(JSON.parse(json.stdout())).toMatchObject({ ok: true, passed: 1, tests: [{ file, status: 'passed' }] });
  });

  it('fails with the first differences when the script makes something else of it', async () => {
    await recordFirst();
    await project.write({
      [source]: recordedSyncText.replace("'Issue', data", "'Issue', data.map((item) => ({ ...item, updatedAt: 'x' }))"),
    });
    const test = context();
    await expect(runTest(test, undefined, {})).rejects.toMatchObject({ code: 'test_failed', exitCode: 11 });
    expect(test.stdout()).toContain('✗ demo/issues');
    expect(test.stdout()).toMatch(/records\.Issue\[id=1\]\.updatedAt: recorded "2026.*", now "x"/);
  });

  it('fails for requests that are not recorded, and goes on with the others', async () => {
    await recordFirst();
    await project.write({
      [source]: recordedSyncText.replace("'/issues'", "'/tickets'"),
      'tests/demo/issues/broken.recording.json': '{',
      'tests/demo/gone/first.recording.json': await read(file),
    });
    const test = context();
    await expect(runTest(test, undefined, {})).rejects.toMatchObject({ details: { failed: 3 } });
    expect(test.stdout()).toContain('GET /tickets is not in the recording');
    expect(test.stdout()).toContain('broken.recording.json is not JSON');
    expect(test.stdout()).toContain('is a recording of demo/issues');
  });

  it('updates what is expected on request, shows it, and never does in CI', async () => {
    await recordFirst();
    await project.write({
      [source]: recordedSyncText.replace("'Issue', data", "'Issue', data.map((item) => ({ ...item, updatedAt: 'x' }))"),
    });
    const ci = { ...context(), env: { ...context().env, isCi: true } };
    await expect(runTest(ci, undefined, { update: true })).rejects.toMatchObject({ code: 'usage_invalid' });
    const test = context();
    await runTest(test, undefined, { update: true });
    expect(test.stdout()).toContain('now "x"');
    expect(test.stdout()).toContain('0 passed, 1 updated');
    await runTest(context(), undefined, {});
  });

  it('says what to do when there are none', async () => {
    await makeProject();
    await expect(runTest(context(), undefined, {})).rejects.toMatchObject({
      code: 'not_found',
      hint: expect.stringContaining('tenon record'),
    });
    const test = context(true);
    await runTest(test, undefined, { passWithNone: true });
    expect(JSON.parse(test.stdout())).toMatchObject({ ok: true, tests: [] });
  });
});

describe('tenon run --local', () => {
  it('shows what would be written, with requests and logs, and writes nothing', async () => {
    await makeProject();
    answer();
    const test = context();
    await runLocal(test, 'demo/issues', { connection: 'user1', cursor: '12' });
    expect(JSON.parse(server.requests[0]?.body ?? '')).toMatchObject({ start: { cursor: 12 } });
    expect(test.stdout()).toContain('Issue  1');
    expect(test.stdout()).toContain('would write +1 ~0 -0 (0 unchanged); nothing was written');
    expect(test.stderr()).toContain('200 GET /issues');
    expect(test.stderr()).toContain('read a page');
    expect(existsSync(join(project.root, 'tests'))).toBe(false);
  });

  it('runs offline against a recording', async () => {
    await recordFirst();
    const test = createTestContext({ cwd: project.root, isJson: true });
    await runLocal(test, 'demo/issues', { recording: file });
    expect(JSON.parse(test.stdout())).toMatchObject({ outcome: { records: { Issue: [{ id: '1' }] } } });
    await expect(runLocal(test, 'demo/issues', { recording: file, cursor: 'x' })).rejects.toMatchObject({
      code: 'usage_invalid',
    });
  });

  it("ends with the code of the run's error", async () => {
    await makeProject();
    const { outcome } = sampleDryRun();
    const error = { code: 'provider_unauthorized', message: 'Refused.' };
    answer({ result: { status: 'auth_failed', outcome: { ...outcome, error } } });
    await expect(runLocal(context(), 'demo/issues', { connection: 'user1' })).rejects.toMatchObject({ exitCode: 13 });
    await expect(runLocal(context(), 'demo/issues', {})).rejects.toMatchObject({ code: 'usage_invalid' });
  });
});
