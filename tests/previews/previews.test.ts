import type {
  Connection,
  Environment,
  Page,
  Run,
  StoredPreview,
  SyncStatus,
  TriggeredRun,
} from '@tenon/runtime/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../harness/run-cli.ts';
import { startSandboxProject, type SandboxProject } from '../harness/sandbox-project.ts';
import { waitUntil } from '../harness/wait-until.ts';

const scripts = {
  'integrations/sandbox/syncs/issues.ts': `import { defineSync, z } from '@tenon/runtime';
export default defineSync({
  models: { Issue: z.object({ id: z.string(), title: z.string() }) },
  schedule: 'every 1h',
  async run(sync) {
    for await (const page of sync.paginate<{ id: string; title: string }>('/issues')) await sync.save('Issue', page);
  },
});
`,
  'integrations/sandbox/actions/create-issue.ts': `import { defineAction, z } from '@tenon/runtime';
export default defineAction({
  input: z.object({ title: z.string() }),
  output: z.object({ id: z.string() }),
  async run(action) {
    const { data } = await action.post<{ id: string | number }>('/issues', action.input);
    return { id: String(data.id) };
  },
});
`,
};
const issues = 30;

let world: SandboxProject;
beforeAll(async () => {
  world = await startSandboxProject({ sandbox: { issues }, files: scripts });
  await world.deploy();
  await world.connect();
}, 60_000);
afterAll(() => world.stop());

/** How long the slowest machine may take; nothing is decided by it. */
const patienceMs = 180_000;
const action = '/v1/connections/sandbox/acme/actions/create-issue';

/** Calls the API in a preview, or in the environment itself. */
async function call<Body>(
  method: string,
  route: string,
  { preview, key = world.server.apiKey, body }: { preview?: string; key?: string; body?: unknown } = {},
): Promise<{ status: number; body: Body }> {
  const answer = await fetch(`${world.server.url}${route}`, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(preview !== undefined && { 'tenon-environment': preview }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: (text === '' ? undefined : JSON.parse(text)) as Body };
}

const list = async <Item>(route: string, preview?: string) =>
  (await call<Page<Item>>('GET', route, preview === undefined ? {} : { preview })).body.items;

const countIssues = async () =>
  (await call<Page<unknown>>('GET', '/v1/connections/sandbox/acme/records/Issue?limit=1000')).body.items.length;

test(
  'a pull request has its preview: deployed twice, tried out, and gone, with the parent as it was',
  async () => {
    const deploy = async () =>
      JSON.parse(
        await world.tenon('deploy', '--preview', 'pr-7', '--ttl', '12h', '--borrow', 'sandbox/acme', '--yes', '--json'),
      ) as { preview: StoredPreview; deployment: unknown };
    expect(await deploy()).toMatchObject({
      preview: { name: 'pr-7', parent: 'dev', created: true, allowWrites: false, ttlMs: 43_200_000 },
      deployment: { version: 1 },
    });
    expect(await deploy()).toMatchObject({ preview: { created: false }, deployment: null });

    const preview = 'pr-7';
    expect(await list<Connection>('/v1/connections', preview)).toMatchObject([{ id: 'acme', borrowedFrom: 'dev' }]);
    expect(await list<SyncStatus>('/v1/syncs', preview)).toMatchObject([{ waitsFor: 'preview', nextRunAt: null }]);

    // A sync reads in the preview, and nothing but a request started it.
    const triggered = await call<TriggeredRun>('POST', '/v1/connections/sandbox/acme/syncs/issues/trigger', {
      preview,
    });
    const run = await waitUntil('the run has ended', async () => {
      const { body } = await call<Run>('GET', `/v1/runs/${triggered.body.run.id}`, { preview });
      return body.finishedAt === null ? undefined : body;
    });
    expect(run).toMatchObject({ status: 'succeeded', counts: { added: issues } });
    expect(await list<Run>('/v1/runs', preview)).toHaveLength(1);
    expect((await call('GET', `/v1/runs/${run.id}`)).status).toBe(404);

    // An action that writes fails before the provider hears of it; in the parent it works.
    const input = { input: { title: 'New' } };
    expect(await call('POST', action, { preview, body: input })).toMatchObject({
      status: 403,
      body: { error: { code: 'preview_write_blocked', hint: expect.stringContaining('--allow-writes') } },
    });
    expect((await call('POST', action, { body: input })).status).toBe(200);

    const unknown = await runCli(['runs', 'list', '--preview', 'pr-8'], {
      cwd: world.project.root,
      env: { TENON_URL: world.server.url, TENON_API_KEY: world.server.apiKey },
    });
    expect(unknown).toMatchObject({ exitCode: 11, stderr: expect.stringContaining('It has pr-7.') });

    await waitUntil('the parent has synced by its schedule', async () =>
      (await countIssues()) > 0 ? true : undefined,
    );
    const before = await parentState();
    await world.tenon('environments', 'delete', 'pr-7', '--yes');
    expect(await world.tenon('environments', 'delete', 'pr-7', '--yes')).toContain('gone already');
    expect(await list<Environment>('/v1/environments')).toMatchObject([{ name: 'dev' }]);
    await waitUntil('the preview is removed', async () =>
      world.server.output().includes('an environment was removed') ? true : undefined,
    );
    expect(await parentState()).toEqual(before);
  },
  patienceMs,
);

test(
  'one key of a pipeline makes a preview in which writes are allowed, and its other scopes stay its own',
  async () => {
    const scopes = ['deployments:read', 'deployments:write', 'environments:read', 'environments:write', 'actions:call'];
    const { key } = (await call<{ key: string }>('POST', '/v1/keys', { body: { name: 'ci', scopes } })).body;
    const deployed = await runCli(
      ['deploy', '--preview', 'pr-9', '--allow-writes', '--borrow', 'sandbox/acme', '--yes'],
      {
        cwd: world.project.root,
        env: { TENON_URL: world.server.url, TENON_API_KEY: key },
      },
    );
    expect(deployed).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('writes allowed') });
    const within = { preview: 'pr-9', key };
    expect(await call('POST', action, { ...within, body: { input: { title: 'Newer' } } })).toMatchObject({
      status: 200,
    });
    expect((await call('GET', '/v1/variables', within)).status).toBe(403);
    expect((await call('DELETE', '/v1/environments/pr-9', { key })).status).toBe(204);
    expect((await call('GET', '/v1/runs', within)).status).toBe(404);
  },
  patienceMs,
);

/** What the deletion of a preview must leave as it is. */
async function parentState() {
  const [connections, syncs, deployments, records, test] = await Promise.all([
    list<Connection>('/v1/connections'),
    list<SyncStatus>('/v1/syncs'),
    list('/v1/deployments'),
    countIssues(),
    call<{ ok: boolean }>('POST', '/v1/connections/sandbox/acme/test'),
  ]);
  const waits = syncs.map(({ sync, waitsFor }) => [sync, waitsFor]);
  return { connections, waits, deployments, records, works: test.body.ok };
}
