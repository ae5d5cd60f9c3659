import { startSandboxApi } from '@tenon/sandbox-api';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startProcess, type RunningProcess } from './harness/start-process.ts';
import { waitUntil } from './harness/wait-until.ts';

const run = promisify(execFile);
const repository = path.resolve(import.meta.dirname, '..');
const pnpm = path.join(repository, 'node_modules/pnpm/bin/pnpm.cjs');
/** Without what npm or npx, when the tests were started by them, set for themselves. */
const environment = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_'))),
  NO_COLOR: '1',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
};

let folder: string;
let project: string;
let sandbox: Awaited<ReturnType<typeof startSandboxApi>>;
let server: RunningProcess | undefined;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tenon-packed-'));
  project = path.join(folder, 'app');
  await mkdir(project);
  sandbox = await startSandboxApi({ port: 0 });
  for (const name of ['runtime', 'server', 'cli', 'create-tenon']) {
    await run(process.execPath, [pnpm, 'pack', '--pack-destination', folder], {
      cwd: path.join(repository, 'packages', name),
      env: environment,
    });
  }
}, 120_000);

afterAll(async () => {
  await server?.stop();
  await sandbox.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The project's own `tenon`, as a user would call it. */
async function tenon(...cliArguments: string[]): Promise<string> {
  const { stdout } = await run(path.join(project, 'node_modules/.bin/tenon'), cliArguments, {
    cwd: project,
    env: environment,
  });
  return stdout;
}

test('the packed packages make an empty folder into a project that checks, deploys and syncs', async () => {
  const tarballs = (await readdir(folder))
    .filter((name) => name.endsWith('.tgz'))
    .map((name) => path.join(folder, name));
  expect(tarballs).toHaveLength(4);
  await writeFile(path.join(project, 'package.json'), '{ "name": "app", "private": true, "type": "module" }\n');
  await run('npm', ['install', '--prefer-offline', ...tarballs], { cwd: project, env: environment });

  // What `npm create tenon` runs: in a folder beside, whose package.json it writes, and in this one.
  const createTenon = path.join(project, 'node_modules/.bin/create-tenon');
  const fresh = path.join(project, 'fresh');
  await run(createTenon, ['fresh', '--template', 'sandbox', '--yes', '--skip-install'], {
    cwd: project,
    env: environment,
  });
  // Its packages are those of the folder above.
  for (const script of ['check', 'test', 'generate']) {
    await run('npm', ['run', script], { cwd: fresh, env: environment });
  }
  await rm(fresh, { recursive: true });

  await run(createTenon, ['.', '--template', 'sandbox', '--yes', '--skip-install'], { cwd: project, env: environment });
  await tenon('check');
  await tenon('test');
  await tenon('generate');

  server = startProcess([path.join(project, 'node_modules/.bin/tenon'), 'server', 'start', '--port', '0'], {
    cwd: project,
  });
  await waitUntil('the server answers', async () => {
    if (server?.child.exitCode !== null) throw new Error(`The server ended:\n${server?.output()}`);
    return (await tenon('whoami', '--json').catch(() => undefined)) ?? undefined;
  });
  await tenon('deploy', '--yes');
  await tenon(
    'connect',
    'sandbox',
    '--connection',
    'acme',
    '--api-key',
    'sandbox-key',
    '--field',
    `baseUrl=${sandbox.url}`,
  );
  const records = await waitUntil('the schedule has synced the issues', async () => {
    const runs: { items: Array<{ function: string; status: string }> } = JSON.parse(
      await tenon('runs', 'list', '--json'),
    );
    const done = runs.items.some((item) => item.function === 'issues' && item.status === 'succeeded');
    return done
      ? await tenon('records', 'list', 'sandbox/Issue', '--connection', 'acme', '--limit', '5', '--json')
      : undefined;
  });
  expect(records).toContain('"title"');
}, 240_000);
