import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Run, RunCapture, TriggeredRun } from '@tenon/runtime/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../harness/run-cli.ts';
import { startSandboxProject, type SandboxProject } from '../harness/sandbox-project.ts';
import { waitUntil } from '../harness/wait-until.ts';

const source = 'integrations/sandbox/syncs/comments.ts';

/** @param count how the number of comments is read */
const script = (count: string): string => `import { defineSync, z } from '@tenon/runtime';
type Row = { id: string; comments: unknown };
export default defineSync({
  models: { Count: z.object({ id: z.string(), comments: z.number() }) },
  async run(sync) {
    for await (const page of sync.paginate<Row>('/issues')) {
      await sync.save('Count', page.map((row) => ({ id: row.id, comments: ${count} })));
    }
  },
});
`;
const strict = `(() => {
  if (typeof row.comments !== 'number') throw new Error('comments is no number');
  return row.comments;
})()`;

/** Its process does not live to see its end, and what it had met goes with it. */
const hungry = `import { defineSync, z } from '@tenon/runtime';
export default defineSync({
  models: { Nothing: z.object({ id: z.string() }) },
  async run(sync) {
    await sync.get('/issues');
    const eaten: number[][] = [];
    for (let index = 0; index < 2_000; index += 1) eaten.push(new Array(1_000_000).fill(1.5));
  },
});
`;

let world: SandboxProject;
beforeAll(async () => {
  world = await startSandboxProject({
    sandbox: { issues: 20 },
    files: { [source]: script(strict), 'integrations/sandbox/syncs/hungry.ts': hungry },
  });
  await world.deploy();
  await world.connect();
}, 60_000);
afterAll(() => world.stop());

async function runOnce(sync: string): Promise<Run> {
  const { body } = await world.server.call<TriggeredRun>('POST', `/v1/connections/sandbox/acme/syncs/${sync}/trigger`);
  return waitUntil('the run has ended', async () => {
    const answer = await world.server.call<Run>('GET', `/v1/runs/${body.run.id}`);
    return answer.body.finishedAt === null ? undefined : answer.body;
  });
}

test('a run that failed is pulled, fails here as well, and passes once its script is fixed', async () => {
  await world.control('chaos', { mode: 'drifted', path: '/issues', times: 1 });
  const run = await runOnce('comments');
  expect(run).toMatchObject({ status: 'failed', error: { code: 'script_failed' } });

  const capture = await world.server.call<RunCapture>('GET', `/v1/runs/${run.id}/capture`);
  expect(capture.body).toMatchObject({ version: 1, status: 'failed', cut: { exchanges: 0 } });
  expect(JSON.stringify(capture.body)).not.toContain('sandbox-key');

  const pulled = JSON.parse(await world.tenon('runs', 'pull', run.id, '--name', 'drifted', '--json'));
  expect(pulled).toMatchObject({ reproduced: true, localError: { code: 'script_failed' } });
  const recording = await readFile(path.join(world.project.root, pulled.file), 'utf8');
  expect(recording).not.toContain('sandbox-key');
  await world.tenon('test');

  const again = await runCli(['runs', 'replay', run.id, '--json'], {
    cwd: world.project.root,
    env: { TENON_URL: world.server.url, TENON_API_KEY: world.server.apiKey },
  });
  expect(JSON.parse(again.stdout)).toMatchObject({ status: 'succeeded', counts: { added: 20 } });

  await world.project.write(source, script('Number(row.comments) || 0'));
  const changed = await runCli(['test'], { cwd: world.project.root });
  expect(changed.exitCode).not.toBe(0);
  expect(changed.stdout).toContain(
    'expected the run to fail with script_failed (comments is no number), it succeeded: if that is the fix, run `tenon test --update`',
  );
  await world.tenon('test', '--update');
  await world.tenon('test');
}, 120_000);

test('of a run whose process was killed there is nothing to pull, and the reason is told', async () => {
  const run = await runOnce('hungry');
  expect(run).toMatchObject({ error: { code: 'script_out_of_memory' } });
  const pulled = await runCli(['runs', 'pull', run.id, '--json'], {
    cwd: world.project.root,
    env: { TENON_URL: world.server.url, TENON_API_KEY: world.server.apiKey },
  });
  expect(pulled.exitCode).not.toBe(0);
  expect(JSON.parse(pulled.stdout)).toMatchObject({
    error: { code: 'capture_missing', details: { reason: 'worker_died' } },
  });
}, 60_000);
