import { noImpact, type PlannedChange } from '@tenon/runtime/contract';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestProject, syncText } from '../../testing/create-test-project.ts';
import { FakeServer } from '../../testing/fake-server.ts';
import { createTestContext } from '../../testing/test-context.ts';
import { runPlan } from '../plan/run-plan.ts';
import { runRollback } from '../rollback/run-rollback.ts';
import { runVersions } from '../versions/run-versions.ts';
import { runVersionsDiff } from '../versions/run-versions-diff.ts';
import { runVersionsShow } from '../versions/run-versions-show.ts';
import { runDeploy } from './run-deploy.ts';

const change: PlannedChange = {
  action: 'update',
  kind: 'sync',
  integration: 'demo',
  name: 'issues',
  class: 'resync',
  reasons: ['model Issue: +labels'],
  impact: { ...noImpact, connectionsReadAgain: 42, providerCalls: 18_000 },
};

let server: FakeServer;
let root: string;
beforeEach(async () => {
  server = await FakeServer.start();
  ({ root } = await createTestProject({ 'integrations/demo/syncs/issues.ts': syncText('Issue') }));
  server.state.plan = { changes: [change], impact: { ...change.impact, consentsNeeded: 3 } };
});
afterEach(() => server.stop());

function context(isJson = false) {
  return createTestContext({ cwd: root, url: server.url, apiKey: server.apiKey, isJson });
}

async function savePlan(): Promise<string> {
  await expect(runPlan(context(), { out: 'plan.json' })).rejects.toMatchObject({
    code: 'changes_pending',
    exitCode: 2,
  });
  return join(root, 'plan.json');
}

const apply = () => runDeploy(context(), { yes: true, plan: 'plan.json', externalId: 'c1' });

describe('a saved plan', () => {
  it('is deployed as it was planned, whatever became of the project', async () => {
    await savePlan();
    const planned = [
      ...(
        JSON.parse(await readFile(join(root, 'plan.json'), 'utf8')) as { manifest: { functions: { bundle: string }[] } }
      ).manifest.functions,
    ];
    await writeFile(join(root, 'integrations/demo/syncs/issues.ts'), 'this is not TypeScript {');
    await apply();
    expect(server.state.deployments).toMatchObject([{ version: 1, externalId: 'c1' }]);
    expect([...server.state.bundles.keys()]).toEqual(planned.map(({ bundle }) => bundle));
    expect((await readdir(root)).filter((name) => name.startsWith('.tenon-init'))).toEqual([]);
  });

  it.each([
    ['another version is active', { baseVersion: 5 }, 'version 5 is active, not 0'],
    ['the environment was made anew', { fingerprint: 'f2' }, 'another environment of that name'],
    ['it is another environment', { environment: 'prod' }, 'this is prod'],
    [
      'it takes something away by now',
      { changes: [{ ...change, class: 'destructive' as const }] },
      'now also update sync demo/issues (destructive)',
    ],
  ])('is stale when %s, and says so', async (_name, moved, message) => {
    await savePlan();
    Object.assign(server.state.plan, moved);
    await expect(apply()).rejects.toMatchObject({
      code: 'plan_stale',
      exitCode: 12,
      message: expect.stringContaining(message) as string,
    });
    expect(server.state.deployments).toEqual([]);
  });

  it.each([
    ['was changed', (text: string) => text.replace('"Issue"', '"Other"')],
    ['has an unknown format', (text: string) => text.replace('"format": 1', '"format": 2')],
    ['is cut off', (text: string) => text.slice(0, 500)],
  ])('is refused when its file %s', async (_name, edit) => {
    const file = await savePlan();
    await writeFile(file, edit(await readFile(file, 'utf8')));
    await expect(apply()).rejects.toMatchObject({ code: 'plan_stale', exitCode: 12 });
    expect(server.state.deployments).toEqual([]);
  });

  it('has to be there', async () => {
    await expect(apply()).rejects.toMatchObject({ code: 'usage_invalid' });
  });
});

describe('the output', () => {
  it('says the impact in one line', async () => {
    const test = context();
    await runDeploy(test, { yes: true });
    expect(test.stdout()).toContain('42 connections read again, about 18,000 calls, 3 must consent again.');
  });

  it('is a comment for a pull request that nothing can break out of', async () => {
    server.state.plan.changes = [{ ...change, reasons: ['| <script> @everyone #1 `x` [a](http://evil)\n# heading'] }];
    const test = context();
    await expect(runPlan(test, { format: 'markdown' })).rejects.toMatchObject({ code: 'changes_pending' });
    const lines = test.stdout().split('\n');
    expect(lines.slice(0, 2)).toEqual(['<!-- tenon-plan:dev -->', '### Tenon: plan for dev']);
    const row = lines.find((line) => line.includes('demo/issues'));
    expect(row).not.toMatch(/<script|@everyone|[^\\]`|\]\(http/);
    expect(row?.match(/(?<!\\)\|/g)).toHaveLength(6);
    expect(test.stdout()).toContain('<details>');
  });
});

describe('tenon versions and rollback', () => {
  it('shows where a version came from, its functions, and what lies between two', async () => {
    await runDeploy(context(), { yes: true, message: 'first', externalId: '3f2a91c' });
    const list = context();
    await runVersions(list, { limit: 20, externalId: '3f2a91c' });
    expect(list.stdout()).toMatch(/1\s+active.*owner.*\+1.*3f2a91c.*first/);
    const show = context();
    await runVersionsShow(show, { version: 1 });
    expect(show.stdout()).toContain('demo/issues');
    const diff = context();
    await runVersionsDiff(diff, { from: 1, to: 2 });
    expect(diff.stdout()).toContain('model Issue: +labels');
  });

  it('shows what going back changes before it asks, and refuses what history does not have', async () => {
    await runDeploy(context(), { yes: true });
    await runDeploy(context(), { yes: true });
    const data = { since: '2026-01-02T03:04:05.000Z', connections: 1, runs: 4, runsCancelled: 1 };
    const counts = { recordsRestored: 3, recordsDeleted: 2, cursorsRestored: 1 };
    server.state.rollbackData = { ...data, ...counts, refused: null };
    const asked = context();
    await expect(runRollback(asked, { data: true })).rejects.toMatchObject({ code: 'input_needed' });
    expect(asked.stdout()).toContain('model Issue: +labels');
    expect(asked.stdout()).toContain('3 restored, 2 deleted, what 4 runs did is taken back');
    const test = context();
    await runRollback(test, { data: true, yes: true });
    expect(test.stdout()).toContain('3 records restored, 2 deleted; 1 cursors');
    server.state.rollbackData = { ...data, ...counts, refused: 'It is pruned.' };
    await expect(runRollback(context(), { version: 1, data: true, yes: true })).rejects.toMatchObject({
      code: 'history_pruned',
      exitCode: 12,
    });
  });
});
