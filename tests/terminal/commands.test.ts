import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandList } from '../../packages/cli/src/commands/command-list.ts';
import { runCli } from '../../packages/cli/src/cli.ts';
import { createOutput } from '../../packages/cli/src/output/create-output.ts';
import { cliPath } from '../harness/run-cli.ts';
import { commandEntries, type CommandEntry } from './command-entries.ts';
import { runInTerminal } from './run-in-terminal.ts';
import { runWithoutTerminal } from './run-without-terminal.ts';
import { connectArguments, startTerminalWorld, type TerminalWorld } from './terminal-world.ts';

let world: TerminalWorld;
let lone: string;

beforeAll(async () => {
  lone = await mkdtemp(path.join(tmpdir(), 'tenon-alone-'));
  world = await startTerminalWorld();
  await world.tenon('deploy', '--yes');
  await world.tenon(...connectArguments(world));
}, 120_000);
afterAll(async () => {
  await world.stop();
  await rm(lone, { recursive: true, force: true });
});

const entries = Object.entries(commandEntries).map(([name, entry]) => ({ name, ...entry }));
// oxlint-disable-next-line no-control-regex -- escapes are what is looked for
const escapes = /\u001B/;
const spinner = /[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]|\r/;
const cwdOf = (entry: CommandEntry) => (entry.isAlone === true ? lone : world.root);

it('knows every command: a new one needs an entry in command-entries.ts', () => {
  const names = commandList.map(({ name }) => name);
  const missing = names.filter((name) => !Object.hasOwn(commandEntries, name));
  expect(missing, 'commands without an entry in tests/terminal/command-entries.ts').toEqual([]);
  const gone = Object.keys(commandEntries).filter((name) => !names.includes(name));
  expect(gone, 'entries of commands that are not there').toEqual([]);
});

describe('every command', () => {
  it.each(commandList)('$name shows its help', async ({ name }) => {
    const printed = { stdout: '', stderr: '' };
    const write = (stream: keyof typeof printed) => ({ write: (text: string) => (printed[stream] += text) });
    const output = createOutput({
      stdout: write('stdout'),
      stderr: write('stderr'),
      isJson: false,
      isVerbose: false,
      allowColor: false,
    });
    const exitCode = await runCli({
      arguments: [name, '--help'],
      version: '1.0.0',
      output,
      signal: new AbortController().signal,
      getContext: () => Promise.reject(new Error('Help needs no context.')),
    });
    expect({ exitCode, stderr: printed.stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(printed.stdout).toMatch(new RegExp(`^Usage: tenon ${name} `));
  });

  it.concurrent.each(entries)(
    '$name ends without a terminal: no question, no colour, no spinner',
    { timeout: 240_000 },
    async (entry) => {
      const at = entry.interruptAt ? { interruptAt: entry.interruptAt } : {};
      const run = await runWithoutTerminal(entry.call, { cwd: cwdOf(entry), ...at });
      expect(run.exitCode, run.stdout + run.stderr).toBe(entry.exitCode ?? 0);
      expect(run.stdout + run.stderr).not.toMatch(escapes);
      expect(run.stdout + run.stderr).not.toMatch(spinner);
    },
  );

  it.concurrent.each(entries.filter(({ name }) => name !== 'server'))(
    '$name prints JSON and nothing else with --json',
    { timeout: 240_000 },
    async (entry) => {
      const at = entry.interruptAt ? { interruptAt: entry.interruptAt } : {};
      const run = await runWithoutTerminal([...entry.call, '--json'], { cwd: cwdOf(entry), ...at });
      expect(run.exitCode, run.stdout + run.stderr).toBe(entry.exitCode ?? 0);
      expect(readDocuments(run.stdout, entry.json ?? 'document')).toBeInstanceOf(Array);
      expect(run.stderr).toBe('');
      if ((entry.exitCode ?? 0) !== 0 && entry.json === undefined) {
        expect(JSON.parse(run.stdout)).toMatchObject({ error: { code: expect.any(String), docs: expect.any(String) } });
      }
    },
  );

  it.concurrent.each(entries.filter(({ hasTable }) => hasTable))(
    '$name lays its table out for 40 columns, and leaves the terminal as it was',
    { timeout: 240_000 },
    async (entry) => {
      const narrow = runInTerminal(entry.call, { cwd: cwdOf(entry), columns: 40 });
      expect(await narrow.ended, narrow.output()).toBe(entry.exitCode ?? 0);
      // What was drawn before a line was cleared, such as a spinner's, is not seen any more.
      // oxlint-disable-next-line no-control-regex -- the escape that clears is what is looked for
      const seen = narrow.output().replaceAll(/[^\n]*\u001B\[2K/g, '');
      const lines = stripVTControlCharacters(seen).split('\r\n');
      // What is longer is one value behind its title, which wraps as text does; never several columns.
      const broken = lines.filter(
        (line) => line.length > 40 && / {2,}/.test(line.trim().replace(/^[A-Z][A-Z ]* {2,}/, '')),
      );
      expect(broken).toEqual([]);
      expectRestored(narrow.output());
    },
  );
});

describe('colours', () => {
  const draw = async (cliArguments: readonly string[], env: Record<string, string>) => {
    const run = runInTerminal(cliArguments, { cwd: world.root, env });
    await run.ended;
    return run.output();
  };

  it('are there in a terminal, and with FORCE_COLOR in a pipe', async () => {
    expect(await draw(['whoami'], {})).toMatch(escapes);
    const forced = await runWithoutTerminal(['whoami'], { cwd: world.root, env: { FORCE_COLOR: '1' } });
    expect(forced.stdout).toMatch(escapes);
  });

  it.each([
    ['NO_COLOR', ['whoami'], { NO_COLOR: '1' }],
    ['--no-color', ['whoami', '--no-color'], {}],
    ['--no-color, also against FORCE_COLOR', ['whoami', '--no-color'], { FORCE_COLOR: '1' }],
    ['TERM=dumb', ['whoami'], { TERM: 'dumb' }],
  ])('are not, with %s', async (_name, call, env) => {
    // What is drawn to clear a spinner's line is no colour.
    // oxlint-disable-next-line no-control-regex -- as above
    expect(await draw(call, env)).not.toMatch(/\u001B\[[0-9;]*m/);
  });
});

it.each([
  ['a list', ['runs', 'list', '--limit', '50']],
  ['help', ['--help']],
  ['JSON', ['providers', '--json']],
])('ends quietly when the reader of %s leaves, as `| head -1` does', async (_name, call) => {
  const child = spawn(process.execPath, [cliPath, ...call], {
    cwd: world.root,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.destroy();
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const exitCode = await new Promise((resolve) => child.on('close', resolve));
  expect(exitCode).toBe(0);
  expect(stderr).not.toMatch(/error|EPIPE/);
});

function readDocuments(text: string, form: 'document' | 'lines'): unknown[] {
  if (form === 'document') return [JSON.parse(text)];
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}

/** The cursor is shown again, and no line of a spinner is left. */
function expectRestored(drawn: string): void {
  expect(drawn.lastIndexOf('\u001B[?25l')).toBeLessThanOrEqual(drawn.lastIndexOf('\u001B[?25h'));
  const last = drawn.slice(drawn.lastIndexOf('\n') + 1);
  expect(stripVTControlCharacters(last.slice(last.lastIndexOf('\u001B[2K') + 1)).replace('[2K', '')).toBe('');
}
