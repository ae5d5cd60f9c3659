import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TenonError } from '@tenon/runtime/errors';
import { expect, onTestFinished, test } from 'vitest';
import { ChildExit } from './child-exit.ts';
import { runCli } from './cli.ts';
import type { CommandContext } from './command-context.ts';
import type { CommandEntry, ConfigureCommand } from './commands/command-list.ts';
import { createOutput } from './output/create-output.ts';
import { readOutputFlags } from './output/read-output-flags.ts';
import { runBuiltCli } from './testing/run-built-cli.ts';

const loaded: string[] = [];

function command(name: string, configure: ConfigureCommand): CommandEntry {
  return {
    name,
    summary: `does ${name}`,
    load: async () => {
      loaded.push(name);
      return configure;
    },
  };
}

async function run(
  cliArguments: string[],
  act: () => unknown = () => undefined,
  signal = new AbortController().signal,
) {
  const printed = { stdout: '', stderr: '' };
  loaded.length = 0;
  const output = createOutput({
    stdout: { write: (text) => (printed.stdout += text) },
    stderr: { write: (text) => (printed.stderr += text) },
    ...readOutputFlags(cliArguments),
    allowColor: false,
  });
  const configure: ConfigureCommand = (target) => {
    target.option('--force', 'do it').action(async () => {
      await act();
    });
  };
  const commands = [command('sow', configure), command('reap', configure)];
  const getContext = (): Promise<CommandContext> => Promise.reject(new Error('no context here'));
  const exitCode = await runCli({ arguments: cliArguments, version: '1.2.3', output, signal, getContext, commands });
  return { exitCode, ...printed };
}

test('help and the version load no command', async () => {
  const help = await run(['--help']);
  expect(help).toMatchObject({ exitCode: 0, stderr: '' });
  expect(help.stdout).toMatch(/sow +does sow\n +reap +does reap/);
  expect(await run([])).toEqual(help);
  expect(await run(['--version'])).toEqual({ exitCode: 0, stdout: '1.2.3\n', stderr: '' });
  expect(loaded).toEqual([]);
});

test('only the command that is called is loaded, for its help too', async () => {
  expect((await run(['reap', '--force'])).exitCode).toBe(0);
  expect(loaded).toEqual(['reap']);
  expect((await run(['help', 'sow'])).stdout).toContain('--force');
  expect(loaded).toEqual(['sow']);
});

test.each([
  [['reep'], "Unknown command 'reep'.", 'Did you mean reap? Run `tenon --help`'],
  [['reap', '--forc'], "Unknown option '--forc'.", 'Did you mean --force? Run `tenon reap --help`'],
  [['reap', 'extra'], 'Too many arguments', 'Run `tenon reap --help`'],
])('%j is a usage error with a suggestion', async (cliArguments, message, hint) => {
  const answer = await run([...cliArguments, '--json']);
  const { error } = JSON.parse(answer.stdout) as { error: { code: string; message: string; hint: string } };
  expect(answer.exitCode).toBe(11);
  expect(error.code).toBe('usage_invalid');
  expect(error.message).toContain(message);
  expect(error.hint).toContain(hint);
});

test('an error ends with the exit code of its registry entry', async () => {
  const failed = await run(['sow'], () => {
    throw new TenonError('types_failed', 'Wrong.');
  });
  expect(failed).toMatchObject({ exitCode: 10, stdout: '', stderr: expect.stringContaining('types_failed') });
});

test('an error that nobody foresaw exits 1 and shows its stack only with --verbose', async () => {
  const act = () => {
    throw new TypeError('x is not y');
  };
  const quiet = await run(['sow'], act);
  expect(quiet).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('unexpected') });
  expect(quiet.stderr).not.toContain('cli.test.ts');
  expect((await run(['sow', '--verbose'], act)).stderr).toContain('cli.test.ts');
});

test('whatever an interrupted command throws, it was interrupted', async () => {
  const controller = new AbortController();
  const act = () => {
    controller.abort(new TenonError('interrupted', 'Interrupted.'));
    throw new Error('socket closed');
  };
  const answer = await run(['sow'], act, controller.signal);
  expect(answer).toMatchObject({ exitCode: 130, stderr: expect.stringContaining('Interrupted.') });
  expect(answer.stderr).not.toContain('socket');
});

test.each([
  ['esbuild', new Error('The service was stopped: write EPIPE')],
  ['TypeScript', new TenonError('types_failed', 'The type checker failed: it ended with SIGINT.')],
])('what %s ends with a moment before the interruption is known is no error of its own', async (_helper, error) => {
  const controller = new AbortController();
  const act = () => {
    setTimeout(() => controller.abort(new TenonError('interrupted', 'Interrupted.')), 20);
    throw error;
  };
  const answer = await run(['sow'], act, controller.signal);
  expect(answer).toMatchObject({ exitCode: 130, stderr: expect.stringContaining('Interrupted.') });
  expect(answer.stderr).not.toMatch(/EPIPE|checker/);
});

test("a child's exit code is handed on without a word", async () => {
  const act = () => {
    throw new ChildExit(42);
  };
  expect(await run(['sow'], act)).toEqual({ exitCode: 42, stdout: '', stderr: '' });
});

test('flags after -- are arguments, and decide nothing about printing', () => {
  expect(readOutputFlags(['run', '--', '--json'])).toMatchObject({ isJson: false });
});

test('colours follow FORCE_COLOR on a pipe, and NO_COLOR and --no-color turn them off', async () => {
  const printErrors = (env: Record<string, string>, ...flags: string[]) =>
    runBuiltCli(['nothing', ...flags], { cwd: '/', env }).then((answer) => answer.stderr.includes('\u001B['));
  expect(await printErrors({})).toBe(false);
  expect(await printErrors({ FORCE_COLOR: '1' })).toBe(true);
  expect(await printErrors({ FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false);
  expect(await printErrors({ FORCE_COLOR: '1' }, '--no-color')).toBe(false);
});

test('a reader that has left is the end, and no error', async () => {
  const bin = join(import.meta.dirname, '../bin/tenon.js');
  const child = spawn(process.execPath, [bin, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  let stderr = '';
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  const [exitCode] = (await once(child, 'close')) as [number];
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
});

test('the help loads little, and neither a client of HTTP nor a watcher', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tenon-help-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  // Node writes down every module that was run.
  const answer = await runBuiltCli(['--help'], { cwd: folder, env: { NODE_V8_COVERAGE: folder } });
  expect(answer.exitCode).toBe(0);
  const reports = await Promise.all((await readdir(folder)).map((file) => readFile(join(folder, file), 'utf8')));
  const scripts = reports.flatMap((report) => (JSON.parse(report) as { result: { url: string }[] }).result);
  const files = scripts.map(({ url }) => url).filter((url) => url.includes('/dist/program/'));
  expect(files.some((file) => file.endsWith('/bin.js'))).toBe(true);
  const code = await Promise.all(files.map((file) => readFile(fileURLToPath(file), 'utf8')));
  expect(code.join('').length).toBeLessThan(200_000);
  // Of undici, and of chokidar.
  expect(code.join('')).not.toMatch(/getGlobalDispatcher|awaitWriteFinish/);
});
