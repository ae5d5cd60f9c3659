import { spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findNativeDirectory } from './postgres-binaries.ts';
import { postgresFiles } from './postgres-files.ts';
import { isRunning } from './process-identity.ts';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from './start-embedded-postgres.ts';

const logger = pino({ level: 'silent' });
const started = new Set<EmbeddedPostgres>();
let directory: string;

beforeEach(() => {
  // mkdtemp makes it 0700: as root, Postgres' own user cannot enter it.
  directory = mkdtempSync(join(tmpdir(), 'tenon-embedded-'));
});

afterEach(async () => {
  for (const postgres of started) await postgres.stop();
  started.clear();
  rmSync(directory, { recursive: true, force: true });
});

async function start(options: Partial<EmbeddedPostgresOptions> = {}) {
  const postgres = await startEmbeddedPostgres({ dataDirectory: directory, durability: 'none', logger, ...options });
  started.add(postgres);
  return postgres;
}

async function query(postgres: EmbeddedPostgres, text: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: postgres.connectionString });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

describe('startEmbeddedPostgres', () => {
  it('keeps its data over a stop and a start', async () => {
    const first = await start();
    await query(first, 'create table kept as select 7 as value');
    await first.stop();
    const second = await start();
    expect(second.adopted).toBe(false);
    expect(await query(second, 'select value from kept')).toEqual([{ value: 7 }]);
  });

  it('adopts a Postgres whose server was killed', async () => {
    const first = await start();
    await query(first, 'create table kept as select 7 as value');
    killOwner(directory);
    const second = await start();
    expect(second.adopted).toBe(true);
    expect(second.pid).toBe(first.pid);
    expect(await query(second, 'select value from kept')).toEqual([{ value: 7 }]);
  });

  it('recovers when Postgres was killed too', async () => {
    const first = await start({ durability: 'full' });
    await query(first, 'create table kept as select 7 as value');
    killOwner(directory);
    process.kill(first.pid, 'SIGKILL');
    const second = await start();
    expect(second.adopted).toBe(false);
    expect(await query(second, 'select value from kept')).toEqual([{ value: 7 }]);
  });

  it('is started again at the same address when it is killed, and not once it was stopped', async () => {
    const postgres = await start({ durability: 'full' });
    await query(postgres, 'create table kept as select 7 as value');
    const { pid } = postgres;
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => postgres.pid, { timeout: 20_000 }).not.toBe(pid);
    expect(await query(postgres, 'select value from kept')).toEqual([{ value: 7 }]);
    const again = postgres.pid;
    await postgres.stop();
    expect(isRunning({ pid: again, startedAt: null })).toBe(false);
  });

  it('refuses a second server on the same data directory and names the first', async () => {
    await start();
    await expect(start()).rejects.toMatchObject({
      code: 'data_directory_in_use',
      message: expect.stringContaining(`process ${process.pid}`),
    });
  });

  it('ignores a pid file whose process id belongs to another process now', async () => {
    await (await start()).stop();
    const bystander = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    try {
      const lines = [bystander.pid, '/proc/self/cwd', 1, 5432, '/proc/self/cwd', '', '0 0', 'ready'];
      writeFileSync(join(postgresFiles(directory).cluster, 'postmaster.pid'), `${lines.join('\n')}\n`, { mode: 0o644 });
      expect((await start()).adopted).toBe(false);
    } finally {
      bystander.kill('SIGKILL');
    }
  });

  it('begins again when the first set-up was interrupted', async () => {
    const controller = new AbortController();
    const interrupted = start({ signal: controller.signal });
    const { root, cluster } = postgresFiles(directory);
    while (
      !existsSync(root) ||
      !readdirSync(root).some((name) => name.startsWith('initdb-') && existsSync(join(root, name, 'base')))
    )
      await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    await expect(interrupted).rejects.toMatchObject({ name: 'AbortError' });
    // What SIGKILL leaves: a draft that nobody cleaned up.
    mkdirSync(join(root, 'initdb-left-behind'));
    expect(existsSync(cluster)).toBe(false);
    await start();
    expect(readdirSync(root).filter((name) => name.startsWith('initdb-'))).toEqual([]);
  });

  it('begins again beside a draft that cannot be deleted, as while the initdb of a killed server still writes', async ({
    skip,
  }) => {
    const held = join(postgresFiles(directory).root, 'initdb-orphan', 'base');
    mkdirSync(held, { recursive: true });
    const release = holdDirectory(held);
    if (release === undefined) skip('needs mount, as root');
    try {
      expect(await query(await start(), 'select 1 as value')).toEqual([{ value: 1 }]);
    } finally {
      release?.();
    }
  });

  it('listens on a loopback port where the path is too long for a socket', async () => {
    const dataDirectory = join(directory, 'long-'.repeat(30));
    const first = await start({ dataDirectory });
    expect(first.connection.host).toBe('127.0.0.1');
    expect(await query(first, 'select 1 as value')).toEqual([{ value: 1 }]);
    killOwner(dataDirectory);
    const second = await start({ dataDirectory });
    expect(second.adopted).toBe(true);
    expect(await query(second, 'select 1 as value')).toEqual([{ value: 1 }]);
  });

  it('lets nobody in without the password', async () => {
    const postgres = await start();
    const client = new Client({ ...postgres.connection, password: 'guessed' });
    await expect(client.connect()).rejects.toMatchObject({ code: '28P01' });
    expect(readFileSync(postgresFiles(directory).password, 'utf8').trim()).toBe(postgres.connection.password);
  });

  it('runs where the installer left out the links to the shared libraries', async () => {
    const native = withoutLibraryLinks(join(directory, 'package'));
    const postgres = await start({ nativeDirectory: native, dataDirectory: join(directory, 'data') });
    expect(await query(postgres, 'select 1 as value')).toEqual([{ value: 1 }]);
  });

  it('says that the platform has no binary when their loader is missing', async () => {
    const native = join(directory, 'native');
    mkdirSync(join(native, 'bin'), { recursive: true });
    for (const name of ['postgres', 'initdb']) {
      writeFileSync(join(native, 'bin', name), '#!/no/such/loader\n');
      chmodSync(join(native, 'bin', name), 0o755);
    }
    chmodSync(directory, 0o755);
    await expect(start({ nativeDirectory: native })).rejects.toMatchObject({
      code: 'embedded_postgres_unavailable',
      hint: expect.stringContaining('DATABASE_URL'),
    });
  });

  it("repeats Postgres' reason when it does not start, and leaves the directory free", async () => {
    await (await start()).stop();
    const configuration = join(postgresFiles(directory).cluster, 'postgresql.conf');
    appendFileSync(configuration, 'no_such_setting = 1\n');
    for (let attempt = 1; attempt <= 2; attempt += 1)
      await expect(start()).rejects.toMatchObject({
        code: 'embedded_postgres_failed',
        details: { log: expect.stringContaining('no_such_setting') },
      });
  });
});

describe('findNativeDirectory', () => {
  it('has a hint for a platform without a binary', () => {
    expect(() => findNativeDirectory('sunos', 'sparc')).toThrow(
      expect.objectContaining({ code: 'embedded_postgres_unavailable', hint: expect.stringContaining('DATABASE_URL') }),
    );
  });
});

/** Makes a folder that cannot be deleted: closed to its owner, or for root, who is stopped by nothing else, mounted on. */
function holdDirectory(path: string): (() => void) | undefined {
  if (process.getuid?.() !== 0) {
    writeFileSync(join(path, 'file'), '');
    chmodSync(path, 0o500);
    return () => chmodSync(path, 0o700);
  }
  if (spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', path]).status !== 0) return undefined;
  return () => spawnSync('umount', ['--lazy', path]);
}

/** As if the server had been killed: its lock names a process that is gone. */
function killOwner(dataDirectory: string): void {
  const lock = readdirSync(dataDirectory).find((name) => /^server-\d+\.lock$/.test(name));
  if (lock === undefined) throw new Error('The data directory is not locked.');
  writeFileSync(join(dataDirectory, lock), JSON.stringify({ pid: 2 ** 22 + 1, startedAt: null }));
  started.clear();
}

/** The installed binaries as npm 11 leaves them: only the files, none of the links. */
function withoutLibraryLinks(target: string): string {
  const native = findNativeDirectory();
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as { target: string }[];
  const leftOut = new Set(links.map((link) => join(native, '..', link.target)));
  cpSync(native, join(target, 'native'), { recursive: true, filter: (path) => !leftOut.has(path) });
  cpSync(join(native, '../package.json'), join(target, 'package.json'));
  return join(target, 'native');
}
