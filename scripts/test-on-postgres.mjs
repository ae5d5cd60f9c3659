// Runs the tests that need a database on a Postgres of this machine instead of the embedded one, in a throw-away cluster:
//   node scripts/test-on-postgres.mjs                      every *.pg.test.ts
//   node scripts/test-on-postgres.mjs packages/server/src/records   some of them
// TENON_POSTGRES_BIN names the folder of initdb and postgres; without, the newest in the usual places is taken.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const root = path.resolve(import.meta.dirname, '..');
const startTimeoutMs = 30_000;

function findBinaries() {
  const named = process.env.TENON_POSTGRES_BIN;
  if (named) return existsSync(path.join(named, 'postgres')) ? named : undefined;
  const versions = '/usr/lib/postgresql';
  const installed = existsSync(versions) ? readdirSync(versions).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...installed.map((version) => path.join(versions, version, 'bin')),
    '/opt/homebrew/bin',
    '/usr/local/bin',
    '/usr/bin',
  ];
  return folders.find((folder) => existsSync(path.join(folder, 'initdb')) && existsSync(path.join(folder, 'postgres')));
}

/** Postgres refuses to run as root. */
function findUser() {
  if (process.getuid?.() !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) => Number(spawnSync('id', [flag, name]).stdout || Number.NaN));
    if (uid > 0 && gid > 0) return { uid, gid };
  }
  throw new Error('Postgres does not run as root, and there is no user postgres or nobody.');
}

async function findFreePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

const binaries = findBinaries();
if (!binaries) {
  console.log('skipped: there is no Postgres on this machine (TENON_POSTGRES_BIN names the folder of one)');
  process.exit(0);
}

const user = findUser();
const directory = mkdtempSync(path.join(tmpdir(), 'tenon-postgres-'));
if (user.uid) chownSync(directory, user.uid, user.gid);
const data = path.join(directory, 'data');
const log = path.join(directory, 'log');
let postgres;

async function start() {
  const initdb = ['-D', data, '-U', 'tenon', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'];
  const made = spawnSync(path.join(binaries, 'initdb'), initdb, { cwd: directory, encoding: 'utf8', ...user });
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
  const port = await findFreePort();
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    fsync: 'off',
    max_connections: 300,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  postgres = spawn(path.join(binaries, 'postgres'), ['-D', data, ...flags], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
    // Ctrl-C ends the tests first.
    detached: true,
    ...user,
  });
  for (const stream of [postgres.stdout, postgres.stderr]) {
    stream.on('data', (chunk) => writeFileSync(log, chunk, { flag: 'a' }));
  }
  const ready = () =>
    existsSync(`${data}/postmaster.pid`) && /^ready/m.test(readFileSync(`${data}/postmaster.pid`, 'utf8'));
  for (const deadline = Date.now() + startTimeoutMs; !ready(); await delay(20)) {
    if (postgres.exitCode !== null || Date.now() > deadline) throw new Error(readFileSync(log, 'utf8'));
  }
  return `postgres://tenon@127.0.0.1:${port}/postgres`;
}

async function stop() {
  if (postgres && postgres.exitCode === null && postgres.signalCode === null) {
    const closed = once(postgres, 'close');
    postgres.kill('SIGINT');
    await closed;
  }
  rmSync(directory, { recursive: true, force: true });
}

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined);
try {
  const url = await start();
  const version = spawnSync(path.join(binaries, 'postgres'), ['--version'], { encoding: 'utf8' }).stdout.trim();
  console.log(`${version} (${binaries})`);
  const filters = process.argv.slice(2);
  const tests = spawn(
    process.execPath,
    [path.join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...(filters.length > 0 ? filters : ['.pg.test.ts'])],
    { cwd: root, stdio: 'inherit', env: { ...process.env, TENON_TEST_DATABASE_URL: url } },
  );
  const [code] = await once(tests, 'close');
  process.exitCode = code ?? 1;
} finally {
  await stop();
}
