import { noImpact, type PlannedChange } from '@tenon/runtime/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestProject, syncText } from '../../testing/create-test-project.ts';
import { FakeServer, refuse } from '../../testing/fake-server.ts';
import { sampleIntegration } from '../../testing/samples.ts';
import { createTestContext } from '../../testing/test-context.ts';
import { runPlan } from '../plan/run-plan.ts';
import { runRollback } from '../rollback/run-rollback.ts';
import { runVersions } from '../versions/run-versions.ts';
import { runDeploy } from './run-deploy.ts';

const scripts = {
  'integrations/demo/syncs/issues.ts': syncText('Issue'),
  'integrations/demo/syncs/people.ts': syncText('Person'),
};

const created: PlannedChange = {
  action: 'create',
  kind: 'sync',
  integration: 'demo',
  name: 'issues',
  class: 'safe',
  reasons: ['new'],
  impact: noImpact,
};
const destroyed: PlannedChange = { ...created, action: 'delete', name: 'old', class: 'destructive', reasons: ['gone'] };

let server: FakeServer;

beforeEach(async () => {
  server = await FakeServer.start();
});
afterEach(() => server.stop());

async function context(options: { isJson?: boolean; files?: Record<string, string> } = {}) {
  const { root } = await createTestProject({ ...scripts, ...options.files });
  return createTestContext({ cwd: root, url: server.url, apiKey: server.apiKey, isJson: options.isJson ?? false });
}

describe('tenon plan', () => {
  it('shows each change with its class and reasons, and ends as changes_pending', async () => {
    server.state.plan.changes = [
      created,
      { ...created, action: 'update', class: 'resync', reasons: ['code', 'cursor'] },
    ];
    const test = await context();
    await expect(runPlan(test, {})).rejects.toMatchObject({ code: 'changes_pending', exitCode: 2 });
    expect(test.stdout()).toContain('+  sync  demo/issues  safe    new');
    expect(test.stdout()).toContain('~  sync  demo/issues  resync  code, cursor');
    expect(test.stdout()).toContain('1 to create, 1 to update, 0 to delete; nothing is deployed yet.');
    expect(test.stdout()).toContain('read again from the start');
    expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual(['POST /v1/deployments/plan']);
  });

  it('ends well when there is nothing to do', async () => {
    const test = await context({ isJson: true });
    await runPlan(test, {});
    expect(JSON.parse(test.stdout())).toMatchObject({ baseVersion: 0, changes: [] });
  });
});

describe('tenon deploy', () => {
  it('says which variables are missing before anybody can connect, and does not fail for it', async () => {
    const value = { name: 'clientSecret', title: 'Client secret', secret: true, variable: 'DEMO_CLIENT_SECRET' };
    server.state.integrations = [
      sampleIntegration({ name: 'demo', ready: false, values: [{ ...value, source: 'missing' }] }),
    ];
    server.state.plan.changes = [created];
    const test = await context();
    await runDeploy(test, { yes: true });
    expect(test.stdout()).toContain('Version 1 is live');
    expect(test.stderr()).toContain('Nobody can connect demo before DEMO_CLIENT_SECRET is set:');
    expect(test.stderr()).toContain('tenon env set DEMO_CLIENT_SECRET');
    expect(test.stderr()).toContain('http://127.0.0.1:7400/oauth/callback');
    server.answerNext('GET /v1/integrations', refuse(403, 'forbidden', 'The key may not.'));
    const again = await context();
    await runDeploy(again, { yes: true });
    expect(again.stdout()).toContain('Version 2 is live');
  });

  it('names the connect page when it changes', async () => {
    server.state.plan.changes = [
      { ...created, action: 'update', kind: 'connect', integration: 'connect', name: 'connect', reasons: ['theme'] },
    ];
    const test = await context();
    await runDeploy(test, { yes: true });
    expect(test.stdout()).toMatch(/connect +the connect page +safe +theme/);
  });

  it('uploads only what the server lacks, under its hash, and activates', async () => {
    server.state.plan.changes = [created];
    const test = await context();
    await runDeploy(test, { yes: true, message: 'first' });
    expect(test.stdout()).toContain('Version 1 is live');
    expect(server.state.deployments).toMatchObject([{ version: 1, message: 'first', functions: 2 }]);
    const uploads = server.requests.filter(({ method }) => method === 'PUT');
    expect(uploads).toHaveLength(2);
    await runDeploy(test, { yes: true });
    expect(server.requests.filter(({ method }) => method === 'PUT')).toHaveLength(2);
    expect(server.state.deployments).toHaveLength(2);
  });

  it('says that there is nothing to do', async () => {
    const test = await context();
    await runDeploy(test, {});
    expect(test.stdout()).toContain('Nothing to deploy');
    expect(server.state.deployments).toEqual([]);
  });

  it('needs --yes where nobody can be asked, and deploys nothing without', async () => {
    server.state.plan.changes = [created];
    await expect(runDeploy(await context(), {})).rejects.toMatchObject({
      code: 'input_needed',
      hint: expect.stringContaining('--yes') as string,
    });
    expect(server.requests).toHaveLength(1);
  });

  it('refuses to remove data unless that is allowed', async () => {
    server.state.plan.changes = [destroyed];
    const test = await context();
    await expect(runDeploy(test, { yes: true })).rejects.toMatchObject({ code: 'destructive_refused', exitCode: 12 });
    expect(server.state.deployments).toEqual([]);
    await runDeploy(test, { yes: true, allowDestructive: true });
    expect(server.requests.findLast(({ method }) => method === 'POST')?.body).toContain('"allowDestructive":true');
  });

  it('fails with the exit code of a stale plan when another deployment came between', async () => {
    server.state.plan.changes = [created];
    server.answerNext('POST /v1/deployments$', refuse(409, 'plan_stale', 'Version 2 came between.'));
    await expect(runDeploy(await context(), { yes: true })).rejects.toMatchObject({ code: 'plan_stale', exitCode: 12 });
  });

  it('stops at the first upload that fails, with its reason', async () => {
    server.state.plan.changes = [created];
    server.answerNext('PUT', refuse(413, 'payload_too_large', 'Too large.'));
    await expect(runDeploy(await context(), { yes: true })).rejects.toMatchObject({ code: 'payload_too_large' });
    expect(server.state.deployments).toEqual([]);
  });

  it('does not deploy what does not pass the type check', async () => {
    server.state.plan.changes = [created];
    const files = {
      'integrations/demo/syncs/broken.ts': `${syncText('Broken')}\nconst n: number = 'text';\nvoid n;\n`,
    };
    await expect(runDeploy(await context({ files }), { yes: true })).rejects.toMatchObject({
      code: 'types_failed',
      exitCode: 10,
      message: expect.stringContaining('integrations/demo/syncs/broken.ts:') as string,
    });
    expect(server.state.deployments).toEqual([]);
  });

  it('answers in one JSON document', async () => {
    server.state.plan.changes = [created];
    const test = await context({ isJson: true });
    await runDeploy(test, { yes: true });
    expect(JSON.parse(test.stdout())).toMatchObject({ plan: { changes: [created] }, deployment: { version: 1 } });
  });

  it('says that no server answers', async () => {
    const test = await context();
    await server.stop();
    await expect(runDeploy(test, { yes: true })).rejects.toMatchObject({ code: 'server_unreachable', exitCode: 14 });
    server = await FakeServer.start();
  });
});

describe('tenon versions and rollback', () => {
  const deployment = {
    active: false,
    message: null,
    externalId: null,
    deployedBy: null,
    source: null,
    changes: null,
    functions: 2,
    createdAt: '2026-01-02T03:04:05.000Z',
  };

  it('lists the newest first and goes back to the one before the active', async () => {
    server.state.deployments = [
      { ...deployment, version: 1 },
      { ...deployment, version: 2, message: 'second' },
      { ...deployment, version: 3, active: true },
    ];
    const test = await context();
    await runVersions(test, { limit: 20 });
    expect(test.stdout()).toMatch(/3\s+active[\s\S]*2[\s\S]*second[\s\S]*1/);
    await runRollback(test, { yes: true });
    expect(server.state.deployments.find(({ active }) => active)?.version).toBe(2);
    await runRollback(test, { yes: true, version: 3 });
    expect(server.state.deployments.find(({ active }) => active)?.version).toBe(3);
  });

  it('says that there is nothing to go back to, and needs --yes', async () => {
    await expect(runRollback(await context(), { yes: true })).rejects.toMatchObject({ code: 'not_found' });
    server.state.deployments = [{ ...deployment, version: 1, active: true }];
    await expect(runRollback(await context(), { version: 1 })).rejects.toMatchObject({ code: 'input_needed' });
  });
});
