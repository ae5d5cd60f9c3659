import { existsSync } from 'node:fs';
import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { watch } from 'chokidar';
import { expect, onTestFinished, test } from 'vitest';
import type { CommandContext } from '../../command-context.ts';
import { readEnvironment } from '../../environment.ts';
import { createOutput } from '../../output/create-output.ts';
import { runServerStart, type ServerStartOptions } from './run-server-start.ts';

/** A server that notes its environment in a file, and then does what the script says. */
async function prepare(script: string) {
  const cwd = await realpath(await mkdtemp(join(tmpdir(), 'tenon-server-start-')));
  onTestFinished(() => rm(cwd, { recursive: true, force: true }));
  const started = join(cwd, 'started.json');
  const entry = join(cwd, 'server.mjs');
  await writeFile(
    entry,
    `import { writeFileSync, renameSync } from 'node:fs';
${script}
writeFileSync('writing', JSON.stringify(process.env));
renameSync('writing', ${JSON.stringify(started)});\n`,
  );
  const interruption = new AbortController();
  const context: CommandContext = {
    cwd,
    env: await readEnvironment(cwd, { PATH: process.env['PATH'] }),
    output: createOutput({
      stdout: { write: () => true },
      stderr: { write: () => true },
      isJson: false,
      isVerbose: false,
      allowColor: false,
    }),
    signal: interruption.signal,
    isInteractive: false,
  };
  const start = (options: ServerStartOptions = {}) => runServerStart(options, context, entry);
  return { cwd, started, interruption, start };
}

test("the server's exit code is the command's, and flags become its environment", async () => {
  const { cwd, started, start } = await prepare('process.exitCode = 7;');
  await expect(start({ port: '0', host: '::1', dataDirectory: 'data' })).rejects.toMatchObject({ exitCode: 7 });
  expect(JSON.parse(await readFile(started, 'utf8'))).toMatchObject({
    TENON_PORT: '0',
    TENON_HOST: '::1',
    TENON_DATA_DIRECTORY: join(cwd, 'data'),
  });
});

test("in a project the data lies in the project's .tenon", async () => {
  const { cwd, started, start } = await prepare('');
  await writeFile(join(cwd, 'tenon.config.ts'), '');
  await expect(start()).rejects.toMatchObject({ exitCode: 0 });
  expect(JSON.parse(await readFile(started, 'utf8'))).toMatchObject({ TENON_DATA_DIRECTORY: join(cwd, '.tenon') });
});

test('an interruption is handed on once, and waits for the server to finish', async () => {
  const { cwd, started, interruption, start } = await prepare(
    `let asked = 0;
const timer = setInterval(() => {}, 1000);
process.on('SIGTERM', () => { asked += 1; setImmediate(() => { clearInterval(timer); process.exitCode = 20 + asked; }); });`,
  );
  const watcher = watch(cwd, { depth: 0 });
  onTestFinished(() => watcher.close());
  watcher.on('add', (path) => {
    if (path === started) interruption.abort();
  });
  await expect(start()).rejects.toMatchObject({ exitCode: 21 });
});

test.each(['99999', '-1', '80a', ''])('the port %j is refused before anything starts', async (port) => {
  const { started, start } = await prepare('');
  await expect(start({ port })).rejects.toMatchObject({ code: 'usage_invalid' });
  expect(existsSync(started)).toBe(false);
});
