import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeServer } from '../../packages/cli/src/testing/fake-server.ts';
import { cliPath } from '../harness/run-cli.ts';
import { createProjectFolder, type TestProject } from '../harness/create-project.ts';
import { createSeededRandom } from '../harness/seeded-random.ts';
import { waitUntil } from '../harness/wait-until.ts';
import { runInTerminal } from './run-in-terminal.ts';
import { runWithoutTerminal } from './run-without-terminal.ts';

// Ctrl-C at any moment: a command is stopped after random times, drawn from a seed, until it got through untouched. Each
// time the folder is either as it was or as the command leaves it, never between. TENON_INTERRUPTS=50 interrupts each
// command more often than CI does; TENON_INTERRUPT_SEED repeats the choices of a run.
const rounds = Number(process.env['TENON_INTERRUPTS'] ?? 2);
const seed = Number(process.env['TENON_INTERRUPT_SEED'] ?? Date.now() % 1_000_000);

let server: FakeServer;
let base: TestProject;
let folder: string;

beforeAll(async () => {
  server = await FakeServer.start();
  base = await createProjectFolder('app');
  folder = await mkdtemp(path.join(tmpdir(), 'tenon-interrupted-'));
  await runWithoutTerminal(['init', '.', '--yes', '--skip-install', '--template', 'sandbox'], { cwd: base.root });
}, 60_000);
afterAll(async () => {
  await server.stop();
  await base.remove();
  await rm(folder, { recursive: true, force: true });
});

interface Interrupted {
  readonly name: string;
  readonly call: readonly string[];
  /** From nothing rather than from the project. */
  readonly isNew?: boolean;
}

const commands: readonly Interrupted[] = [
  { name: 'init', call: ['init', 'made', '--yes', '--skip-install', '--template', 'sandbox'], isNew: true },
  { name: 'init in a folder that exists', call: ['init', '.', '--yes', '--skip-install', '--template', 'sandbox'] },
  { name: 'add', call: ['add', 'github'] },
  { name: 'generate', call: ['generate', '--out', 'sdk'] },
  { name: 'check', call: ['check'] },
  { name: 'deploy', call: ['deploy', '--yes'] },
  { name: 'env set', call: ['env', 'set', 'TOKEN', 'value'] },
];

describe(`Ctrl-C (TENON_INTERRUPT_SEED=${seed})`, () => {
  it.each(commands)('leaves the folder as before or as after: $name', { timeout: 240_000 }, async (command) => {
    const random = createSeededRandom(seed);
    const untouched = await startIn(command);
    const before = await hashFolder(untouched.root);
    const startedAt = performance.now();
    await untouched.run;
    const wholeMs = performance.now() - startedAt;
    const after = await hashFolder(untouched.root);
    for (let round = 0; round < rounds; round += 1) {
      const delayMs = Math.round(random() * wholeMs);
      const stopped = await startIn(command, delayMs);
      const { exitCode, printed } = await stopped.run;
      const found = await hashFolder(stopped.root);
      const what = `${command.name} stopped after ${delayMs} ms of ${Math.round(wholeMs)}:\n${printed}`;
      expect([before, after], what).toContain(found);
      // Before Node runs our first line, the signal ends the process itself.
      expect([0, 130, 'SIGINT', (await untouched.run).exitCode], what).toContain(exitCode);
      await waitUntil(`nothing is left of ${what}`, async () =>
        (await findChildren(stopped.pid)).length === 0 ? true : undefined,
      );
    }
  });

  it('gives the terminal back when a question is answered with it', async () => {
    const root = await mkdtemp(path.join(folder, 'asked-'));
    const asked = runInTerminal(['init'], { cwd: root });
    await asked.waitFor(/Which API/);
    asked.type('\u0003');
    expect(await asked.ended).toBe(130);
    expect(asked.output().lastIndexOf('\u001B[?25h')).toBeGreaterThanOrEqual(asked.output().lastIndexOf('\u001B[?25l'));
    expect(await readdir(root)).toEqual([]);
  });

  it('writes nothing when the second question of init is answered with it', async () => {
    const root = await mkdtemp(path.join(folder, 'asked-'));
    const asked = runInTerminal(['init', 'app'], { cwd: root });
    await asked.waitFor(/Which API/);
    asked.type('git iss');
    await asked.waitFor(/❯ github/);
    asked.type('\r');
    await asked.waitFor(/Which package manager/);
    asked.type('\u0003');
    expect(await asked.ended).toBe(130);
    expect(await readdir(root)).toEqual([]);
  });

  it('writes nothing when the question of add is answered with it, and what is chosen otherwise', async () => {
    const root = await mkdtemp(path.join(folder, 'asked-'));
    await cp(base.root, root, { recursive: true, filter: (source) => path.basename(source) !== 'node_modules' });
    await symlink(path.join(base.root, 'node_modules'), path.join(root, 'node_modules'));
    const before = await hashFolder(root);
    const asked = runInTerminal(['add'], { cwd: root });
    await asked.waitFor(/Which API do you add/);
    asked.type('\u0003');
    expect(await asked.ended).toBe(130);
    expect(await hashFolder(root)).toEqual(before);

    const answered = runInTerminal(['add'], { cwd: root });
    await answered.waitFor(/Which API do you add/);
    answered.type('github-app');
    await answered.waitFor(/❯ github-app/);
    answered.type('\r');
    expect(await answered.ended, answered.output()).toBe(0);
    expect(await readFile(path.join(root, 'tenon.config.ts'), 'utf8')).toContain("'github-app': {");
  });
});

/** A copy of the project, in which the command is started, and interrupted after a time. */
async function startIn(command: Interrupted, interruptAfterMs?: number) {
  const root = await mkdtemp(path.join(folder, 'copy-'));
  if (command.isNew !== true) {
    const skipped = path.join(base.root, 'node_modules');
    await cp(base.root, root, { recursive: true, filter: (source) => source !== skipped });
    await symlink(skipped, path.join(root, 'node_modules'));
    if (command.call[0] === 'init') await rm(path.join(root, 'tenon.config.ts'));
    // A file of the user's own, which nothing may touch.
    await writeFile(path.join(root, 'notes.txt'), 'mine');
  }
  const child = spawn(process.execPath, [cliPath, ...command.call], {
    cwd: root,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      TENON_URL: server.url,
      TENON_API_KEY: server.apiKey,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own, which a terminal's Ctrl-C reaches as a whole.
    detached: true,
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (printed += String(chunk)));
  const timer =
    interruptAfterMs === undefined ? undefined : setTimeout(() => interruptGroup(child.pid), interruptAfterMs);
  const run = new Promise<{ exitCode: number | string | null; printed: string }>((resolve) => {
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ exitCode: code ?? signal, printed });
    });
  });
  return { root, run, pid: child.pid ?? 0 };
}

function interruptGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGINT');
  } catch (error) {
    // It has just ended.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** One text for everything in a folder, names and contents; what packages are is none of it. */
async function hashFolder(root: string): Promise<string> {
  const found = await readdir(root, { recursive: true, withFileTypes: true });
  const lines = await Promise.all(
    found
      .map((entry) => ({ entry, file: path.relative(root, path.join(entry.parentPath, entry.name)) }))
      .filter(({ file }) => !file.startsWith('node_modules'))
      .map(async ({ entry, file }) => {
        if (!entry.isFile()) return `${file}/`;
        const text = await readFile(path.join(root, file));
        return `${file} ${createHash('sha256').update(text).digest('hex')}`;
      }),
  );
  return lines.sort().join('\n');
}

/** Processes of the group that are left; only Linux tells. */
async function findChildren(pid: number): Promise<string[]> {
  if (process.platform !== 'linux') return [];
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(ids.map((id) => readFile(`/proc/${id}/stat`, 'utf8').catch(() => '')));
  return stats.filter((stat) => {
    // After the name in brackets: state, parent, process group (proc_pid_stat(5)). Z: it has ended.
    const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return group === String(pid) && state !== 'Z';
  });
}
