import type { ErrorBody, Page, Run, StoredRecord } from '@tenon/runtime/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../harness/run-cli.ts';
import { startSandboxProject, type SandboxProject } from '../harness/sandbox-project.ts';
import { waitUntil } from '../harness/wait-until.ts';

const syncIssues = `import { defineSync, z } from '@tenon/runtime';
export default defineSync({
  models: { Issue: z.object({ id: z.string() }) },
  deletes: 'absence',
  // As often as by default, ten times as fast.
  retry: { backoff: '1s' },
  async run(sync) {
    for await (const page of sync.paginate<{ id: string | number }>('/issues', { retry: false, params: { per_page: 100 } })) {
      await sync.save('Issue', page.map((issue) => ({ id: String(issue.id) })));
    }
  },
});
`;

let world: SandboxProject;
beforeAll(async () => {
  world = await startSandboxProject({
    sandbox: { issues: 300 },
    files: { 'integrations/sandbox/syncs/issues.ts': syncIssues },
  });
  await world.deploy();
}, 60_000);

afterAll(() => world.stop());

async function triggerAndWait(): Promise<Run> {
  const { body } = await world.server.call<{ run: Run }>('POST', '/v1/connections/sandbox/acme/syncs/issues/trigger');
  return waitUntil('the run has ended', async () => {
    const answer = await world.server.call<Run>('GET', `/v1/runs/${body.run.id}`);
    return answer.body.finishedAt === null ? undefined : answer.body;
  });
}

test('a wrong API key is refused when connecting, and nothing is stored', async () => {
  const answer = await world.server.call<ErrorBody>('POST', '/v1/connections', {
    integration: 'sandbox',
    id: 'acme',
    credentials: { mode: 'api_key', values: { apiKey: 'wrong-key' } },
    config: { baseUrl: world.sandbox.url },
  });
  expect(answer.status).toBe(424);
  expect(answer.body.error).toMatchObject({ code: 'provider_unauthorized', hint: expect.any(String) });
  expect(JSON.stringify(answer.body)).not.toContain('wrong-key');
  const list = await world.server.call<Page<unknown>>('GET', '/v1/connections');
  expect(list.body.items).toEqual([]);
});

test('a provider that is down fails the run and deletes nothing', { timeout: 120_000 }, async () => {
  await world.connect();
  const first = await triggerAndWait();
  expect(first.status).toBe('succeeded');
  await world.sandbox.stop();
  const run = await triggerAndWait();
  expect(run).toMatchObject({ status: 'failed', error: { code: 'provider_unreachable', hint: expect.any(String) } });
  expect(run.counts.deleted).toBe(0);
  const { body } = await world.server.call<Page<StoredRecord>>(
    'GET',
    '/v1/connections/sandbox/acme/records/Issue?limit=1000',
  );
  expect(body.items).toHaveLength(300);
});

test('the CLI tells a refused Tenon key apart from a server that is not there', async () => {
  const refused = await runCli(['whoami'], {
    cwd: world.project.root,
    env: { TENON_URL: world.server.url, TENON_API_KEY: 'tnn_not-a-key-that-exists-anywhere-here' },
  });
  expect(refused).toMatchObject({ exitCode: 13, stderr: expect.stringContaining('unauthorized') });
  const absent = await runCli(['whoami'], {
    cwd: world.project.root,
    env: { TENON_URL: 'http://127.0.0.1:9', TENON_API_KEY: world.server.apiKey },
  });
  expect(absent).toMatchObject({ exitCode: 14, stderr: expect.stringContaining('server_unreachable') });
});
