import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { watch } from 'chokidar';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createTestProject } from '../../testing/create-test-project.ts';
import { runBuiltCli } from '../../testing/run-built-cli.ts';
import { runCliHere } from '../../testing/run-cli-here.ts';
import { writeTemplate } from '../../testing/write-template.ts';

const created = [
  '.env.example',
  '.github/workflows/tenon.yml',
  '.gitignore',
  'AGENTS.md',
  'integrations/demo/actions/create-issue.ts',
  'integrations/demo/models.ts',
  'integrations/demo/syncs/issues.ts',
  'package.json',
  'providers/demo.yaml',
  'tenon.config.ts',
  'tsconfig.json',
];

async function createFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'tenon-init-test-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeTemplate(folder);
  return folder;
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

const initArguments = (directory: string) => ['init', directory, '--template', './template', '--yes', '--skip-install'];

test('a new project has every file, and passes its own check', async () => {
  const cwd = await createFolder();
  const made = await runCliHere([...initArguments('My App'), '--package-manager', 'pnpm'], { cwd });
  expect(made).toMatchObject({ exitCode: 0, stderr: '' });
  const root = join(cwd, 'My App');
  expect(await listFiles(root)).toEqual(created);
  expect(JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))).toMatchObject({
    name: 'my-app',
    private: true,
    type: 'module',
    // The template has no recordings.
    scripts: { test: 'tenon test --pass-with-none' },
    dependencies: { '@tenon/runtime': expect.stringMatching(/^\^\d/) },
    devDependencies: { tenon: expect.stringMatching(/^\^\d/) },
  });
  expect(await readFile(join(root, '.github/workflows/tenon.yml'), 'utf8')).toContain('pnpm tenon check');

  // A project elsewhere lends its node_modules, as an installation would.
  const installed = await createTestProject();
  await import('node:fs/promises').then((fs) =>
    fs.symlink(join(installed.root, 'node_modules'), join(root, 'node_modules'), 'junction'),
  );
  const checked = await runCliHere(['check', '--json'], { cwd: root });
  expect(checked.exitCode, checked.stdout).toBe(0);
  expect(JSON.parse(checked.stdout)).toMatchObject({
    ok: true,
    functions: [{ name: 'create-issue' }, { name: 'issues' }],
  });
  const tested = await runCliHere(['test', '--pass-with-none'], { cwd: root });
  expect(tested.exitCode, tested.stdout).toBe(0);
});

test('a template with recordings gives them to the project, whose tests insist on them', async () => {
  const cwd = await createFolder();
  const made = await runCliHere(['init', 'app', '--template', 'github', '--yes', '--skip-install'], { cwd });
  expect(made.exitCode).toBe(0);
  const root = join(cwd, 'app');
  expect(JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))).toMatchObject({
    scripts: { test: 'tenon test' },
  });
  expect(await readFile(join(root, '.github/workflows/tenon.yml'), 'utf8')).toContain('run: npx tenon test\n');
  expect((await listFiles(root)).filter((file) => file.startsWith('tests/'))).toEqual([
    'tests/github/add-labels/example.recording.json',
    'tests/github/create-issue/example.recording.json',
    'tests/github/issues/example.recording.json',
    'tests/github/repositories/example.recording.json',
  ]);
});

test('running it again changes nothing', async () => {
  const cwd = await createFolder();
  await runCliHere(initArguments('app'), { cwd });
  const again = await runCliHere([...initArguments('app'), '--json'], { cwd });
  expect(JSON.parse(again.stdout)).toMatchObject({ created: [], changed: [], kept: [] });
});

test('in an existing package its files stay, and what to add is said', async () => {
  const cwd = await createFolder();
  const root = join(cwd, 'app');
  await mkdir(root);
  const own = {
    'package.json': '{ "name": "mine" }',
    'tsconfig.json': '{}',
    '.gitignore': 'dist',
    'AGENTS.md': 'Mine.',
  };
  for (const [path, text] of Object.entries(own)) await writeFile(join(root, path), text);
  const made = await runCliHere(initArguments('app'), { cwd });
  expect(made.exitCode).toBe(0);
  expect(made.stdout).toContain('npm install @tenon/runtime && npm install -D tenon');
  expect(await readFile(join(root, 'package.json'), 'utf8')).toBe(own['package.json']);
  expect(await readFile(join(root, 'tsconfig.json'), 'utf8')).toBe(own['tsconfig.json']);
  expect(await readFile(join(root, 'AGENTS.md'), 'utf8')).toBe(own['AGENTS.md']);
  expect(await readFile(join(root, '.gitignore'), 'utf8')).toBe('dist\nnode_modules/\n.tenon/\n.env\n');
});

test('a package that names Tenon already is only told to install', async () => {
  const cwd = await createFolder();
  const own = { dependencies: { '@tenon/runtime': 'file:../runtime.tgz', tenon: 'file:../tenon.tgz' } };
  await writeFile(join(cwd, 'package.json'), JSON.stringify(own));
  const made = await runCliHere(initArguments('.'), { cwd });
  expect(made.exitCode).toBe(0);
  expect(made.stdout).toContain('Next:\n  npm install\n  npx tenon dev\n');
  expect(made.stdout).not.toContain('it needs');
});

test('files in the way are listed, and nothing is written', async () => {
  const cwd = await createFolder();
  await mkdir(join(cwd, 'app'));
  await writeFile(join(cwd, 'app/tenon.config.ts'), 'export default {};');
  const refused = await runCliHere([...initArguments('app'), '--json'], { cwd });
  expect(refused.exitCode).toBe(11);
  expect(JSON.parse(refused.stdout)).toMatchObject({
    error: { code: 'file_exists', details: { files: ['tenon.config.ts'] } },
  });
  expect(await listFiles(join(cwd, 'app'))).toEqual(['tenon.config.ts']);
});

test('without a terminal it never waits for an answer', async () => {
  const cwd = await createFolder();
  const asked = await runCliHere(['init', 'app'], { cwd });
  expect(asked).toMatchObject({ exitCode: 11, stdout: '' });
  expect(asked.stderr).toContain('input_needed');
  expect(existsSync(join(cwd, 'app'))).toBe(false);
});

test('an unknown template and an unknown package manager are told what there is', async () => {
  const cwd = await createFolder();
  const template = await runCliHere(['init', 'app', '--template', 'nowhere', '--yes'], { cwd });
  expect(template).toMatchObject({ exitCode: 11, stderr: expect.stringContaining('provider_unknown') });
  const manager = await runCliHere(['init', 'app', '--package-manager', 'cargo'], { cwd });
  expect(manager).toMatchObject({ exitCode: 11, stderr: expect.stringContaining('npm, pnpm, yarn, bun') });
});

/** A folder with an `npm` that says that it runs, and then what the script says. */
async function writeFakeNpm(cwd: string, script: string): Promise<string> {
  const bin = join(cwd, 'bin');
  await mkdir(bin);
  await writeFile(join(bin, 'npm'), `#!/bin/sh\nmkdir -p node_modules/half && : > package-lock.json\n${script}\n`);
  await chmod(join(bin, 'npm'), 0o755);
  return `${bin}:${process.env['PATH'] ?? ''}`;
}

test.skipIf(process.platform === 'win32').each(['SIGINT', 'SIGTERM'] as const)(
  '%s while packages are installed leaves the folder as it was',
  async (signal) => {
    const cwd = await createFolder();
    await mkdir(join(cwd, 'app'));
    await writeFile(join(cwd, 'app/yours.txt'), 'yours');
    const PATH = await writeFakeNpm(cwd, `: > ${join(cwd, 'installing')}\nexec sleep 60`);
    const watcher = watch(cwd, { depth: 0 });
    onTestFinished(() => watcher.close());
    const run = await runBuiltCli(['init', 'app', '--template', './template', '--yes'], {
      cwd,
      env: { PATH },
      onStart(child) {
        watcher.on('add', (path) => {
          if (path === join(cwd, 'installing')) child.kill(signal);
        });
      },
    });
    expect(run).toMatchObject({ exitCode: 130, stderr: expect.stringContaining('interrupted') });
    expect(await readdir(join(cwd, 'app'))).toEqual(['yours.txt']);
  },
);

test.skipIf(process.platform === 'win32')('a failed installation keeps the project and shows why', async () => {
  const cwd = await createFolder();
  const PATH = await writeFakeNpm(cwd, 'echo "ENOTFOUND registry" >&2; exit 7');
  const run = await runCliHere(['init', 'app', '--template', './template', '--yes'], { cwd, env: { PATH } });
  expect(run.exitCode).toBe(14);
  expect(run.stderr).toMatch(/install_failed/);
  expect(run.stderr).toContain('ENOTFOUND registry');
  expect(existsSync(join(cwd, 'app/tenon.config.ts'))).toBe(true);
});

test('a project of an OAuth provider says which variables its integration needs', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'tenon-init-'));
  onTestFinished(() => rm(parent, { recursive: true, force: true }));
  const made = await runCliHere(['init', 'app', '--template', 'sandbox-oauth', '--yes', '--skip-install'], {
    cwd: parent,
  });
  expect(made.exitCode, made.stderr).toBe(0);
  const environment = await readFile(join(parent, 'app/.env.example'), 'utf8');
  expect(environment).toContain('\nTENON_VAR_SANDBOX_OAUTH_CLIENT_ID=\n');
  expect(environment).toContain('\nTENON_VAR_SANDBOX_OAUTH_CLIENT_SECRET=\n');
  const agents = await readFile(join(parent, 'app/AGENTS.md'), 'utf8');
  expect(agents).toContain('needs `SANDBOX_OAUTH_CLIENT_ID` and `SANDBOX_OAUTH_CLIENT_SECRET`');
});

test('a template that needs an OAuth client says which variables come before connecting', async () => {
  const cwd = await createFolder();
  const made = await runCliHere(['init', 'app', '--template', 'sandbox-oauth', '--yes', '--skip-install'], { cwd });
  expect(made).toMatchObject({ exitCode: 0, stderr: '' });
  expect(made.stdout).toMatch(/registered at http\S+\nNext:\n/);
  expect(made.stdout).toMatch(
    /tenon dev\n.*env set SANDBOX_OAUTH_CLIENT_ID\n.*env set SANDBOX_OAUTH_CLIENT_SECRET\n.*connect /,
  );
});

test('a dry run shows what would be written, and writes nothing', async () => {
  const cwd = await createFolder();
  const before = await listFiles(cwd);
  const shown = await runCliHere([...initArguments('app'), '--dry-run', '--json'], { cwd });
  expect(JSON.parse(shown.stdout)).toMatchObject({
    dryRun: true,
    created: expect.arrayContaining(['tenon.config.ts']),
  });
  expect(await listFiles(cwd)).toEqual(before);
});

test.each([
  ['npm', { 'package.json': '{ "workspaces": ["packages/*"] }', 'package-lock.json': '{}' }],
  ['pnpm', { 'package.json': '{}', 'pnpm-workspace.yaml': 'packages: [packages/*]\n' }],
  ['yarn', { 'package.json': '{ "workspaces": ["packages/*"], "packageManager": "yarn@4.9.1" }' }],
  ['bun', { 'package.json': '{ "workspaces": ["packages/*"] }', 'bun.lock': '{}' }],
] as const)('in a monorepo of %s it uses that, and puts the workflow where GitHub reads it', async (manager, files) => {
  const cwd = await createFolder();
  for (const [path, text] of Object.entries(files)) await writeFile(join(cwd, path), text);
  const made = await runCliHere([...initArguments('packages/sync'), '--json'], { cwd });
  expect(made.exitCode, made.stderr).toBe(0);
  expect(JSON.parse(made.stdout)).toMatchObject({
    packageManager: manager,
    created: expect.arrayContaining(['packages/sync/tenon.config.ts', '.github/workflows/tenon.yml']),
  });
  const workflow = await readFile(join(cwd, '.github/workflows/tenon.yml'), 'utf8');
  expect(workflow).toContain('tenon check\n        working-directory: packages/sync\n');
  expect(existsSync(join(cwd, 'packages/sync/.github'))).toBe(false);
});

test('a tsconfig.json that leaves the scripts out is told what to include', async () => {
  const cwd = await createFolder();
  await mkdir(join(cwd, 'app/src'), { recursive: true });
  await writeFile(join(cwd, 'app/package.json'), '{ "name": "mine" }');
  await writeFile(join(cwd, 'app/tsconfig.json'), '{ "include": ["src"] } // mine\n');
  const made = await runCliHere(initArguments('app'), { cwd });
  expect(made.stdout).toContain('add "tenon.config.ts", "integrations" to its "include"');
  expect(await readFile(join(cwd, 'app/tsconfig.json'), 'utf8')).toBe('{ "include": ["src"] } // mine\n');
});

test.skipIf(process.platform === 'win32')(
  'an interrupted installation leaves the lock file of a monorepo as it was',
  async () => {
    const cwd = await createFolder();
    await writeFile(join(cwd, 'package.json'), '{ "workspaces": ["packages/*"] }');
    await writeFile(join(cwd, 'package-lock.json'), '{"mine":true}');
    const PATH = await writeFakeNpm(
      cwd,
      `echo changed > ${join(cwd, 'package-lock.json')}; : > ${join(cwd, 'installing')}\nexec sleep 60`,
    );
    const watcher = watch(cwd, { depth: 0 });
    onTestFinished(() => watcher.close());
    const before = await listFiles(cwd);
    const run = await runBuiltCli(['init', 'packages/sync', '--template', './template', '--yes'], {
      cwd,
      env: { PATH },
      onStart(child) {
        watcher.on('add', (path) => {
          if (path === join(cwd, 'installing')) child.kill('SIGINT');
        });
      },
    });
    expect(run.exitCode).toBe(130);
    await rm(join(cwd, 'installing'));
    expect(await listFiles(cwd)).toEqual(before);
    expect(await readFile(join(cwd, 'package-lock.json'), 'utf8')).toBe('{"mine":true}');
  },
);
