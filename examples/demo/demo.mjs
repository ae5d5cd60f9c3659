// The whole product, end to end, as its user would meet it. See README.md.
import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const here = import.meta.dirname;
const repository = path.resolve(here, '../..');
const project = path.join(repository, '.tenon/demo');
const tenonBin = path.join(repository, 'packages/cli/bin/tenon.js');
const sandboxBin = path.join(repository, 'examples/sandbox-api/bin/tenon-sandbox-api.js');
const issueCount = 1250;
const endsByItself = process.argv.includes('--once') || Boolean(process.env.CI);

const startedAt = performance.now();
const running = [];
const interruption = new AbortController();

function say(text) {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(5);
  console.log(`${seconds} s  ${text}`);
}

/** Runs a process to its end; rejects with what it printed when it fails. */
async function execute(command, commandArguments, { cwd = project, env = {}, show = false } = {}) {
  const child = spawn(command, commandArguments, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let stdout = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
    stdout += chunk;
    if (show)
      process.stdout.write(
        String(chunk)
          .replaceAll(/^(?=[^{\n])/gm, '         ')
          .replaceAll(/^\{.*\n/gm, ''),
      );
  });
  child.stderr.on('data', (chunk) => (output += chunk));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${[command, ...commandArguments].join(' ')} exited ${code}:\n${output}`);
  return stdout;
}

const tenon = (...cliArguments) => execute(process.execPath, [tenonBin, ...cliArguments]);

/** Starts a process that stays, and stops with the demo. */
function start(command, commandArguments, options) {
  const child = spawn(command, commandArguments, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  running.push(child);
  return { child, output: () => output };
}

async function waitFor(what, process_, ask) {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (process_.child.exitCode !== null) throw new Error(`${what} ended:\n${process_.output()}`);
    if (Date.now() > deadline) throw new Error(`${what} did not start in a minute:\n${process_.output()}`);
    await delay(50);
  }
}

async function stopAll() {
  for (const child of running.splice(0).toReversed()) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGTERM');
    await once(child, 'close');
  }
}

/** What `npm install` would do in a project outside this repository. */
async function linkPackages() {
  const modules = path.join(project, 'node_modules');
  await mkdir(path.join(modules, '@tenon'), { recursive: true });
  await symlink(path.join(repository, 'packages/cli'), path.join(modules, 'tenon'), 'junction');
  await symlink(path.join(repository, 'packages/runtime'), path.join(modules, '@tenon/runtime'), 'junction');
  await symlink(path.join(repository, 'packages/runtime/node_modules/zod'), path.join(modules, 'zod'), 'junction');
}

async function startSandbox() {
  const sandbox = start(process.execPath, [sandboxBin], {
    cwd: here,
    env: { ...process.env, SANDBOX_PORT: '0', SANDBOX_ISSUES: String(issueCount) },
  });
  return waitFor('The sandbox API', sandbox, () => /"url":"([^"]+)"/.exec(sandbox.output())?.[1]);
}

async function startServer() {
  const server = start(process.execPath, [tenonBin, 'server', 'start', '--port', endsByItself ? '0' : '4600'], {
    cwd: project,
    env: process.env,
  });
  const url = await waitFor('The Tenon server', server, async () => {
    const text = await readFile(path.join(project, '.tenon/server.json'), 'utf8').catch(() => undefined);
    return text ? JSON.parse(text).url : undefined;
  });
  const apiKey = (await readFile(path.join(project, '.tenon/api-key'), 'utf8')).trim();
  return { url, apiKey };
}

async function runApp({ url, apiKey, sandboxUrl }) {
  await copyFile(path.join(here, 'app/app.ts'), path.join(project, 'src/app.ts'));
  const outfile = path.join(project, 'dist/app.mjs');
  await build({
    entryPoints: [path.join(project, 'src/app.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'silent',
  });
  const output = await execute(process.execPath, [outfile], {
    env: { TENON_URL: url, TENON_API_KEY: apiKey, SANDBOX_URL: sandboxUrl, EXPECTED_ISSUES: String(issueCount) },
    show: true,
  });
  return JSON.parse(output.trim().split('\n').at(-1));
}

async function countFailedRuns() {
  const { items } = JSON.parse(await tenon('runs', 'list', '--json'));
  return items.filter((run) => run.status !== 'succeeded' && run.finishedAt !== null).length;
}

async function demo() {
  await rm(project, { recursive: true, force: true });
  await mkdir(project, { recursive: true });
  // A repository of its own, or `tenon init` would take it for a part of the one that it lies in.
  const manifest = { name: 'demo', private: true, type: 'module', workspaces: [] };
  await writeFile(path.join(project, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const sandboxUrl = await startSandbox();
  say(`the sandbox API answers at ${sandboxUrl}`);

  await tenon('init', '.', '--template', 'sandbox', '--yes', '--skip-install');
  await linkPackages();
  say('tenon init made a project in .tenon/demo');
  await tenon('check');
  await tenon('generate');
  say('tenon check passed; tenon generate wrote the typed SDK to src/tenon');

  const { url, apiKey } = await startServer();
  say(`the Tenon server answers at ${url}, on its embedded Postgres`);
  await tenon('deploy', '--yes');
  say('tenon deploy made version 1 active');
  await tenon(
    'connect',
    'sandbox',
    '--connection',
    'acme',
    '--api-key',
    'sandbox-key',
    '--field',
    `baseUrl=${sandboxUrl}`,
  );
  say('tenon connect connected the account acme; the schedule takes over');

  const result = await runApp({ url, apiKey, sandboxUrl });
  const errors = await countFailedRuns();
  const took = Math.round((performance.now() - startedAt) / 1000);
  say(`API reference: ${url}/openapi.json; logs: npx tenon logs --follow (in .tenon/demo)`);
  if (!endsByItself) {
    say('Everything keeps running; Ctrl-C stops it.');
    await once(interruption.signal, 'abort');
  }
  await stopAll();
  console.log(`done in ${took} s`);
  console.log(
    `demo: ${result.records} records, ${result.updated} updated, ${result.deleted} deleted, ${result.actions} action, ${errors} errors`,
  );
  if (errors > 0) process.exitCode = 1;
}

process.on('SIGINT', () => {
  interruption.abort();
  if (endsByItself) void stopAll().then(() => process.exit(130));
});
try {
  await demo();
} catch (error) {
  await stopAll();
  console.error(error.message);
  process.exitCode = 1;
}
