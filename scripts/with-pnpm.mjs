// Makes the README's two commands work on a machine that has only Node and npm: fetches the pinned pnpm through npx,
// installs from the lockfile (skipped when nothing changed since), builds, and then runs the named pnpm script.
//   node scripts/with-pnpm.mjs <script> [-- arguments]
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const [script, ...scriptArguments] = process.argv.slice(2);

const targets = { check: 'scripts/check.mjs', demo: 'examples/demo/demo.mjs' };
const target = targets[script];
if (!target) {
  console.error(`Unknown script "${script}"; expected one of ${Object.keys(targets).join(', ')}.`);
  process.exit(1);
}

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Node ${process.versions.node} is too old: Tenon needs 20.19 or newer.`);
  process.exit(1);
}

// npm hands its own settings down as npm_config_*; pnpm would read (and warn about) those it does not know.
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
Object.assign(environment, {
  // turbo looks for pnpm on the path; the workspace has its own.
  PATH: `${path.join(root, 'node_modules/.bin')}${path.delimiter}${process.env.PATH}`,
  TURBO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
  NPM_CONFIG_UPDATE_NOTIFIER: 'false',
});

const { packageManager } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

function run(command, commandArguments, { quiet = false } = {}) {
  const result = spawnSync(command, commandArguments, {
    cwd: root,
    env: environment,
    stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (result.status === 0) return;
  if (quiet) process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}`);
  process.exit(result.status ?? 1);
}

function pnpm(...pnpmArguments) {
  run('npx', ['--yes', packageManager, ...pnpmArguments], { quiet: true });
}

function timed(label, work) {
  const startedAt = performance.now();
  process.stdout.write(`${label} ... `);
  work();
  process.stdout.write(`${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`);
}

const stamp = path.join(root, 'node_modules', '.tenon-installed');
const lockHash = createHash('sha256')
  .update(readFileSync(path.join(root, 'pnpm-lock.yaml')))
  .digest('hex');
const installed = existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash;
if (!installed) {
  timed('installing', () => pnpm('install', '--frozen-lockfile', '--prefer-offline'));
  writeFileSync(stamp, lockHash);
}
timed('building', () =>
  run(
    process.execPath,
    [path.join(root, 'node_modules/turbo/bin/turbo'), 'run', 'build', '--output-logs=errors-only'],
    { quiet: true },
  ),
);

const forwarded = scriptArguments[0] === '--' ? scriptArguments.slice(1) : scriptArguments;
run(process.execPath, [path.join(root, target), ...forwarded]);
