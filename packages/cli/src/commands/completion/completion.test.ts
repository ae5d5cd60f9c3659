import { execFile, spawnSync } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { Command, Option } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestProject } from '../../testing/create-test-project.ts';
import { FakeServer } from '../../testing/fake-server.ts';
import { runBuiltCli } from '../../testing/run-built-cli.ts';
import { sampleConnection } from '../../testing/samples.ts';
import { createTestContext } from '../../testing/test-context.ts';
import { completionScripts } from './completion-scripts.ts';
import { listValues } from './list-values.ts';
import { shells } from './shells.ts';
import { suggestWords } from './suggest-words.ts';

const run = promisify(execFile);

function program(): Command {
  const top = new Command('tenon').option('--json', 'print JSON');
  const runs = top.command('runs').description('about runs');
  runs
    .command('list', { isDefault: true })
    .description('list them')
    .option('--limit <count>', 'how many')
    .addOption(new Option('--status <status>', 'only these').choices(['failed', 'succeeded']))
    .addOption(new Option('--events <types...>', 'which').choices(['one', 'two']));
  top.command('hidden', { hidden: true });
  top.command('run').argument('<integration/function>', 'which').option('-c, --connection <id>', 'for which');
  return top;
}

const suggest = async (...words: string[]) => {
  const found = await suggestWords(program(), { words, listValues: async (kind) => [`${kind}-1`] });
  return found.map(({ word }) => word);
};

describe('what could come next', () => {
  it.each([
    { words: [''], expected: ['runs', 'run', 'help'] },
    { words: ['ru'], expected: ['runs', 'run'] },
    { words: ['runs', 'l'], expected: ['list'] },
    { words: ['runs', 'list', '--st'], expected: ['--status'] },
    { words: ['runs', 'list', '--status', ''], expected: ['failed', 'succeeded'] },
    { words: ['runs', 'list', '--status=f'], expected: ['--status=failed'] },
    { words: ['runs', 'list', '--status', 'failed', '--'], expected: ['--limit', '--events', '--json'] },
    { words: ['runs', 'list', '--limit', ''], expected: [] },
    { words: ['runs', 'list', '--events', 'one', ''], expected: ['one', 'two'] },
    { words: ['run', ''], expected: ['function-1'] },
    { words: ['run', 'function-1', '-c', ''], expected: ['connection-1'] },
    { words: ['run', '--', '-'], expected: [] },
    { words: ['--json', 'runs', 'l'], expected: ['list'] },
    { words: ['nothing', ''], expected: [] },
  ])('after $words is $expected', async ({ words, expected }) => {
    expect(await suggest(...words)).toEqual(expected);
  });
});

describe('the names of a project', () => {
  it('are read from its folders, without running anything', async () => {
    const { root } = await createTestProject({
      'integrations/demo/actions/send.ts': 'throw new Error("This is not run.");',
    });
    const context = createTestContext({ cwd: root });
    expect(await listValues(context, { kind: 'integration', typed: [] })).toEqual(['demo']);
    expect(await listValues(context, { kind: 'function', typed: [] })).toContain('demo/send');
    expect(await listValues(context, { kind: 'sync', typed: [] })).not.toContain('demo/send');
    expect(await listValues(context, { kind: 'connection', typed: [] })).toEqual([]);
  });

  it('are asked of a local server only where they are connections', async () => {
    const server = await FakeServer.start();
    try {
      server.state.connections = [sampleConnection({ id: 'user1' })];
      const { root } = await createTestProject({
        '.tenon/server.json': JSON.stringify({ url: server.url, pid: process.pid, version: '0.1.0' }),
        '.tenon/api-key': server.apiKey,
      });
      const context = createTestContext({ cwd: root });
      expect(await listValues(context, { kind: 'connection', typed: [], patienceMs: 10_000 })).toEqual(['user1']);
      expect(await listValues(context, { kind: 'integration/connection', typed: [], patienceMs: 10_000 })).toEqual([
        'github/user1',
      ]);
    } finally {
      await server.stop();
    }
  });

  it('are nothing where there is no project, and nothing is said about it', async () => {
    const answer = await runBuiltCli(['completion', 'suggest', '--', 'run', ''], { cwd: tmpdir() });
    expect(answer).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    const broken = await runBuiltCli(['completion', 'suggest', '--', 'who'], {
      cwd: '/',
      env: { TENON_URL: 'nonsense' },
    });
    expect(broken).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  });
});

describe('the script of', () => {
  let folder: string;
  let root: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tenon-completion-'));
    const bin = join(import.meta.dirname, '../../../bin/tenon.js');
    await writeFile(join(folder, 'tenon'), `#!/bin/sh\nexec "${process.execPath}" "${bin}" "$@"\n`);
    await chmod(join(folder, 'tenon'), 0o755);
    for (const shell of shells) await writeFile(join(folder, shell), completionScripts[shell]);
    root = folder;
    await writeFile(join(root, 'tenon.config.ts'), '');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const inShell = async (shell: string, ...parts: string[]) => {
    const env = { ...process.env, PATH: `${folder}${delimiter}${process.env['PATH']}`, XDG_CONFIG_HOME: folder };
    const { stdout, stderr } = await run(shell, parts, { cwd: root, env });
    return { lines: stdout.trim().split('\n'), stderr };
  };
  const isThere = (shell: string) => spawnSync(shell, ['--version']).status === 0;

  it('bash completes commands, flags, and values behind a colon', async () => {
    const complete = (line: string) =>
      inShell(
        'bash',
        '-c',
        `source ./bash; COMP_LINE=${JSON.stringify(line)}; COMP_POINT=\${#COMP_LINE}; _tenon; printf '%s\\n' "\${COMPREPLY[@]}"`,
      );
    expect(await complete('tenon whoa')).toEqual({ lines: ['whoami'], stderr: '' });
    expect((await complete('tenon runs list --status fai')).lines).toEqual(['failed']);
    expect((await complete('tenon runs ')).lines).toContain('cancel');
    expect((await complete('tenon init ba')).lines).toEqual(['bash']);
  });

  it('zsh completes commands with what they do', async (test) => {
    if (!isThere('zsh')) test.skip('zsh is not on this machine');
    await inShell('zsh', '-n', './zsh');
    const stub = '_describe() { print -l -- "${(@P)4}" }; _files() { print files }';
    const { lines } = await inShell('zsh', '-fc', `source ./zsh; ${stub}; words=(tenon whoa); CURRENT=2; _tenon`);
    expect(lines).toEqual(['whoami:show which server and key are used here']);
  });

  it('fish completes commands with what they do', async (test) => {
    if (!isThere('fish')) test.skip('fish is not on this machine');
    const { lines } = await inShell('fish', '--no-config', '-c', 'source ./fish; complete -C "tenon whoa"');
    expect(lines).toEqual(['whoami\tshow which server and key are used here']);
  });

  it.each(shells)('%s is what the command prints', async (shell) => {
    const { stdout } = await runBuiltCli(['completion', shell], { cwd: '/' });
    expect(stdout).toBe(completionScripts[shell]);
    const json = await runBuiltCli(['completion', shell, '--json'], { cwd: '/' });
    expect(JSON.parse(json.stdout)).toEqual({ shell, script: completionScripts[shell] });
  });
});
