import type { Page, Run } from '@tenon/runtime/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSandboxProject, type SandboxProject } from '../harness/sandbox-project.ts';
import { waitUntil } from '../harness/wait-until.ts';

const syncThat = (body: string, options = ''): string =>
  `import { defineSync, z } from '@tenon/runtime';
const held: unknown[] = [];
export default defineSync({
  models: { Thing: z.object({ id: z.string() }) },
  schedule: 'every 1h',
  ${options}
  async run(sync) {
    ${body}
  },
});
`.replace('Thing:', `${modelName()}:`);

let models = 0;
function modelName(): string {
  models += 1;
  return `Thing${models}`;
}

const scripts = {
  loops: syncThat('held.push(sync); for (;;);', "timeout: '2s',"),
  leaks: syncThat(
    'for (;;) { held.push(new Array(100_000).fill(sync.runId + held.length)); await Promise.resolve(); }',
  ),
  'leaks-buffers': syncThat(
    'for (;;) { held.push(Buffer.alloc(8_000_000, 1)); await new Promise((resolve) => setTimeout(resolve, 1)); }',
  ),
  exits: syncThat('held.push(sync); process.exit(0);'),
  rejects: syncThat(
    "held.push(sync); void Promise.reject(new Error('nobody caught me')); await new Promise(() => {});",
  ),
  throws: syncThat("held.push(sync); throw new Error('on purpose');"),
  picky: syncThat('held.push(sync);', 'settings: z.object({ repos: z.array(z.string()) }),'),
  works: syncThat("held.push(sync); sync.log.info('fine');"),
};

let world: SandboxProject;
beforeAll(async () => {
  world = await startSandboxProject({
    files: Object.fromEntries(
      Object.entries(scripts).map(([name, text]) => [
        `integrations/sandbox/syncs/${name}.ts`,
        text.replace(
          'import { defineSync',
          'declare const process: { exit(code: number): never };\ndeclare const Buffer: { alloc(size: number, fill: number): unknown };\ndeclare function setTimeout(call: (value: unknown) => void, ms: number): void;\nimport { defineSync',
        ),
      ]),
    ),
  });
  await world.deploy();
  await world.connect();
}, 60_000);

afterAll(() => world.stop());

async function outcomeOf(sync: keyof typeof scripts): Promise<Run> {
  return waitUntil(`${sync} has ended`, async () => {
    const { body } = await world.server.call<Page<Run>>('GET', `/v1/runs?function=${sync}&limit=1`);
    const run = body.items[0];
    return run?.finishedAt ? run : undefined;
  });
}

test.each([
  ['loops', 'timed_out', 'script_unresponsive'],
  ['leaks', 'failed', 'script_out_of_memory'],
  ['leaks-buffers', 'failed', 'script_out_of_memory'],
  ['exits', 'failed', 'script_exited'],
  ['rejects', 'failed', 'script_failed'],
  ['throws', 'failed', 'script_failed'],
] as const)(
  'a script that %s ends its own run as %s (%s) with a hint',
  async (sync, status, code) => {
    const run = await outcomeOf(sync);
    expect(run).toMatchObject({ status, error: { code } });
    expect(run.error?.message).toBeTruthy();
    expect(run.error?.hint).toBeTruthy();
  },
  90_000,
);

test('settings that do not fit what the sync declares fail its run, with the path of what is wrong', async () => {
  const run = await outcomeOf('picky');
  expect(run).toMatchObject({ status: 'failed', error: { code: 'settings_invalid', hint: expect.any(String) } });
  expect(run.error?.message).toContain('repos');
});

test('the error of a script that throws points to the line in its source', async () => {
  const run = await outcomeOf('throws');
  expect(run.error?.message).toContain('on purpose');
  expect(run.error?.stack).toMatch(/integrations\/sandbox\/syncs\/throws\.ts:\d+/);
});

test('the runs of other scripts go on beside those that fail', async () => {
  expect(await outcomeOf('works')).toMatchObject({ status: 'succeeded', error: null });
});
