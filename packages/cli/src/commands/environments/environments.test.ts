import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Environment } from '@tenon/runtime/contract';
import { createTestProject } from '../../testing/create-test-project.ts';
import { FakeServer, refuse } from '../../testing/fake-server.ts';
import { sampleTime } from '../../testing/samples.ts';
import { createTestContext } from '../../testing/test-context.ts';
import { runDeploy } from '../deploy/run-deploy.ts';
import { runEnvList } from '../env/run-env-list.ts';
import { runWhoami } from '../whoami/run-whoami.ts';
import { describeExpiry } from './describe-expiry.ts';
import { runEnvironmentsCreate } from './run-environments-create.ts';
import { runEnvironmentsDelete } from './run-environments-delete.ts';
import { runEnvironmentsExtend } from './run-environments-extend.ts';
import { runEnvironmentsList } from './run-environments-list.ts';
import { runEnvironmentsShow } from './run-environments-show.ts';

let server: FakeServer;
beforeEach(async () => {
  server = await FakeServer.start();
});
afterEach(() => server.stop());

const context = (options: Parameters<typeof createTestContext>[0] = {}) =>
  createTestContext({ url: server.url, apiKey: server.apiKey, ...options });
const day = 86_400_000;

const preview = (more: Partial<Environment> = {}): Environment => ({
  name: 'pr-1',
  kind: 'preview',
  parent: 'prod',
  createdAt: sampleTime,
  expiresAt: new Date(Date.now() + 3 * day).toISOString(),
  ttlMs: 3 * day,
  allowWrites: false,
  activeVersion: 2,
  borrowed: [{ integration: 'github', connection: 'user1' }],
  ...more,
});
const prod = preview({
  name: 'prod',
  kind: 'standard',
  parent: null,
  expiresAt: null,
  ttlMs: null,
  allowWrites: true,
  borrowed: [],
});
const stored = (more: Partial<Environment> & { created: boolean }) => ({
  status: 200,
  body: { ...preview(more), ...more },
});

describe('tenon environments', () => {
  it('lists the environment and its previews with their ends', async () => {
    server.answerNext('GET /v1/environments', { status: 200, body: { items: [prod, preview()], nextCursor: null } });
    const test = context();
    await runEnvironmentsList(test, {});
    expect(test.stdout()).toMatch(/prod +environment +2 +allowed +never\n/);
    expect(test.stdout()).toMatch(/pr-1 +preview of prod +2 +blocked +.*in 3 days/);
  });

  it('shows one, and fails with the names that there are', async () => {
    server.answerNext('GET /v1/environments/pr-1', { status: 200, body: preview() });
    const test = context();
    await runEnvironmentsShow(test, 'pr-1', {});
    expect(test.stdout()).toMatch(/preview of prod[^]*writes +blocked[^]*schedules +off[^]*borrows +github\/user1/);
    server.answerNext('GET /v1/environments/pr-2', refuse(404, 'preview_unknown', 'prod has no preview pr-2.'));
    await expect(runEnvironmentsShow(context(), 'pr-2', {})).rejects.toMatchObject({
      code: 'preview_unknown',
      exitCode: 11,
    });
  });

  it('makes a preview as it is told, and says nothing of what it is not', async () => {
    server.answerNext('PUT /v1/environments/pr-1', stored({ created: true }));
    server.answerNext('PUT /v1/environments/pr-1', stored({ created: false }));
    const flags = { ttl: '12h', allowWrites: true, borrow: ['github/user1', 'crm/acme'] };
    const test = context({ isJson: true });
    await runEnvironmentsCreate(test, 'pr-1', flags);
    await runEnvironmentsCreate(context(), 'pr-1', {});
    expect(JSON.parse(test.stdout())).toMatchObject({ name: 'pr-1', created: true });
    expect(server.requests.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
      {
        ttlMs: day / 2,
        allowWrites: true,
        borrow: [
          { integration: 'github', connection: 'user1' },
          { integration: 'crm', connection: 'acme' },
        ],
      },
      { borrow: [] },
    ]);
  });

  it.each([
    [{ ttl: '30m' }, '--ttl 30m'],
    [{ ttl: '91d' }, '--ttl 91d'],
    [{ ttl: 'soon' }, '--ttl soon'],
    [{ borrow: ['github'] }, '"github"'],
    [{ standard: true, ttl: '3d' }, '--standard'],
  ])('refuses %j before it asks a server', async (flags, named) => {
    await expect(runEnvironmentsCreate(context(), 'pr-1', flags)).rejects.toMatchObject({
      code: 'usage_invalid',
      message: expect.stringContaining(named),
    });
    expect(server.requests).toEqual([]);
  });

  it('prints the key of an environment that stays alone on stdout', async () => {
    const key = {
      id: 1,
      name: 'initial',
      prefix: 'tnn_abcd',
      scopes: ['admin'],
      createdAt: sampleTime,
      expiresAt: null,
      revokedAt: null,
      lastUsedAt: null,
      key: 'tnn_abcd_whole',
    };
    server.answerNext('POST /v1/environments$', { status: 201, body: { ...prod, name: 'staging', key } });
    const test = context();
    await runEnvironmentsCreate(test, 'staging', { standard: true });
    expect(test.stdout()).toBe('tnn_abcd_whole\n');
    expect(test.stderr()).toContain('shown this once');
  });

  it('extends a preview', async () => {
    server.answerNext('POST /v1/environments/pr-1/extend', { status: 200, body: preview() });
    const test = context();
    await runEnvironmentsExtend(test, 'pr-1', { ttl: '7d' });
    expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual({ ttlMs: 7 * day });
    expect(test.stdout()).toContain('lives until');
  });

  it('deletes after a yes, and does not mind that it is gone; other failures are failures', async () => {
    await expect(runEnvironmentsDelete(context(), 'pr-1', {})).rejects.toMatchObject({ code: 'input_needed' });
    expect(server.requests).toEqual([]);
    server.answerNext('DELETE /v1/environments/pr-1', { status: 204 });
    server.answerNext('DELETE /v1/environments/pr-1', refuse(404, 'preview_unknown', 'prod has no preview pr-1.'));
    server.answerNext('DELETE /v1/environments/pr-1', refuse(403, 'forbidden', 'No.'));
    for (const wasThere of [true, false]) {
      const test = context({ isJson: true });
      await runEnvironmentsDelete(test, 'pr-1', { yes: true });
      expect(JSON.parse(test.stdout())).toEqual({ deleted: 'pr-1', wasThere });
    }
    await expect(runEnvironmentsDelete(context(), 'pr-1', { yes: true })).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describe('--preview', () => {
  it('is sent with every call of a command, and not without it', async () => {
    const empty = { status: 200, body: { items: [], nextCursor: null } };
    server.answerNext('GET /v1/variables', empty);
    server.answerNext('GET /v1/variables', empty);
    await runEnvList(context(), { preview: 'pr-1' });
    await runEnvList(context(), {});
    expect(server.requests.map(({ headers }) => headers['tenon-environment'])).toEqual(['pr-1', undefined]);
  });

  it('has to be a name', async () => {
    await expect(runEnvList(context(), { preview: 'PR 1' })).rejects.toMatchObject({ code: 'usage_invalid' });
    expect(server.requests).toEqual([]);
  });

  it('shows where it leads', async () => {
    const body = {
      environment: 'pr-1',
      parent: 'prod',
      expiresAt: new Date(Date.now() + 5 * 3_600_000).toISOString(),
      key: { name: 'ci', prefix: 'tnn_abcd', scopes: ['admin'] },
      server: { version: '1' },
      activeVersion: 0,
    };
    server.answerNext('GET /v1/whoami', { status: 200, body });
    const test = context();
    await runWhoami(test, { preview: 'pr-1' });
    expect(test.stdout()).toMatch(/environment +pr-1 \(a preview of prod\) +nothing deployed\ndeleted .*in 5 h/);
  });

  it('makes the preview before a deployment asks in it for the plan', async () => {
    const { root } = await createTestProject({});
    server.answerNext('PUT /v1/environments/pr-1', stored({ created: true }));
    const test = context({ cwd: root });
    await runDeploy(test, { preview: 'pr-1', ttl: '1d', yes: true });
    expect(
      server.requests.map(({ method, url, headers }) => [method, url, headers['tenon-environment']]).slice(0, 2),
    ).toEqual([
      ['PUT', '/v1/environments/pr-1', undefined],
      ['POST', '/v1/deployments/plan', 'pr-1'],
    ]);
    expect(test.stdout()).toContain('Preview pr-1 of prod is made: writes blocked');
  });

  it.each([[{ ttl: '1d' }], [{ allowWrites: true }], [{ borrow: ['github/user1'] }]])(
    'is what %j of a deployment is for',
    async (flags) => {
      await expect(runDeploy(context(), flags)).rejects.toMatchObject({
        code: 'usage_invalid',
        hint: expect.stringContaining('--preview'),
      });
    },
  );
});

it.each([
  [-5, 'any moment now'],
  [0.5, 'in less than an hour'],
  [5.2, 'in 5 h'],
  [47, 'in 47 h'],
  [72, 'in 3 days'],
])('an end %d hours from now is %s', (hours, words) => {
  const nowMs = Date.parse('2026-01-01T00:00:00Z');
  expect(describeExpiry(new Date(nowMs + hours * 3_600_000).toISOString(), nowMs)).toContain(words);
});
