import { spawn } from 'node:child_process';
import { chmodSync, chownSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { TenonError } from '@tenon/runtime/errors';
import type { Logger } from 'pino';
import { findFreePort, fitsSocketAddress, type ClusterAddress } from './cluster-address.ts';
import { lockDataDirectory, type DataDirectoryLock } from './data-directory-lock.ts';
import {
  clusterUser,
  describeSpawnFailure,
  initialiseCluster,
  readPassword,
  type ClusterOptions,
} from './initialise-cluster.ts';
import { findNativeDirectory, prepareBinaries } from './postgres-binaries.ts';
import { describeFileFailure, describePostgresFailure } from './postgres-failure.ts';
import { postgresFiles, type PostgresFiles } from './postgres-files.ts';
import { keepPostgresRunning } from './keep-postgres-running.ts';
import { findPostmaster, stopPostmaster, waitUntilServing, type Postmaster } from './postmaster.ts';
import { probeCluster } from './probe-cluster.ts';
import { identifyProcess, isRunning } from './process-identity.ts';
import { serverSettings, type Durability } from './server-settings.ts';
import { findUnprivilegedUser } from './unprivileged-user.ts';

export interface EmbeddedPostgresOptions {
  /** The cluster is kept in its folder `postgres`. */
  readonly dataDirectory: string;
  /** `none` for tests: faster, and gone with a crash of the machine. Default `full`. */
  readonly durability?: Durability;
  readonly logger: Logger;
  readonly signal?: AbortSignal;
  /** Folder with the Postgres binaries; default: that of the installed platform package. */
  readonly nativeDirectory?: string;
}

/** How to connect with `pg`. */
export interface EmbeddedConnection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

export interface EmbeddedPostgres {
  readonly connection: EmbeddedConnection;
  readonly connectionString: string;
  /** It was running already: a server that was killed had left it behind. */
  readonly adopted: boolean;
  /** Id of its main process; another one after Postgres was started again. */
  readonly pid: number;
  /** Stops Postgres and gives the data directory free. */
  stop(): Promise<void>;
}

/** Crash recovery after a hard stop replays at most max_wal_size, some ten seconds. */
const startTimeoutMs = 120_000;

/**
 * Starts, or adopts, the Postgres of a data directory and owns it until `stop`.
 *
 * Postgres runs in a session of its own: Ctrl-C in the terminal reaches the Tenon server, which then stops it in order;
 * if the server is killed, Postgres stays and the next start adopts it, so nothing needs recovery. If Postgres itself
 * is killed, it is started again at the same address.
 * @throws TenonError data_directory_in_use, embedded_postgres_unavailable, embedded_postgres_failed, database_disk_full
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const deadline = AbortSignal.timeout(startTimeoutMs);
  const signal = options.signal === undefined ? deadline : AbortSignal.any([options.signal, deadline]);
  signal.throwIfAborted();
  const dataDirectory = resolve(options.dataDirectory);
  let lock: DataDirectoryLock | undefined;
  try {
    const nativeDirectory = options.nativeDirectory ?? findNativeDirectory();
    lock = lockDataDirectory(dataDirectory);
    const cluster = prepareCluster(dataDirectory, nativeDirectory, signal);
    await initialiseCluster(cluster);
    const running = await findServing(cluster);
    const durability = options.durability ?? 'full';
    const postmaster = running ?? (await startPostmaster(cluster, { durability }));
    options.logger.debug(
      { pid: postmaster.identity.pid, adopted: running !== undefined },
      'embedded Postgres is ready',
    );
    return own(cluster, postmaster, { adopted: running !== undefined, lock, durability, logger: options.logger });
  } catch (error) {
    lock?.release();
    if (deadline.aborted && !(error instanceof TenonError))
      throw new TenonError(
        'embedded_postgres_failed',
        `The embedded Postgres was not ready in ${startTimeoutMs / 1000} s.`,
        {
          hint: `Its log is ${postgresFiles(dataDirectory).log}.`,
          cause: error,
        },
      );
    throw describeFileFailure('The embedded Postgres did not start', error);
  }
}

function prepareCluster(dataDirectory: string, nativeDirectory: string, signal: AbortSignal): ClusterOptions {
  const files = postgresFiles(dataDirectory);
  mkdirSync(files.root, { recursive: true, mode: 0o700 });
  const user = findUnprivilegedUser(files);
  if (user !== undefined && statSync(files.root).uid !== user.uid) {
    chownSync(files.root, user.uid, user.gid);
    chmodSync(files.root, 0o700);
  }
  return { files, user, binaries: prepareBinaries(nativeDirectory, files, user), signal };
}

/** A Postgres that was left behind. One that is just stopping is waited for; one that does not know our password is not ours. */
async function findServing({ files, signal }: ClusterOptions): Promise<Postmaster | undefined> {
  const found = findPostmaster(files);
  if (found === undefined) return undefined;
  const serving = await waitUntilServing(files, found.identity, signal);
  if (serving === undefined) return undefined;
  try {
    await probeCluster(connectionOf(files, serving));
  } catch (error) {
    // Killed just now, together with its server: it was still there when it was looked for.
    for (let looks = 0; looks < 20 && isRunning(serving.identity); looks++) await delay(50, undefined, { signal });
    if (isRunning(serving.identity)) throw error;
    return undefined;
  }
  return serving;
}

async function startPostmaster(
  cluster: ClusterOptions,
  { durability, address }: { durability: Durability; address?: ClusterAddress },
): Promise<Postmaster> {
  const { files, signal } = cluster;
  for (let attempt = 1; ; attempt += 1) {
    // Before each attempt: what makes Postgres refuse to start may have been left since.
    findPostmaster(files);
    const logStart = existsSync(files.log) ? statSync(files.log).size : 0;
    const pid = await spawnPostgres(cluster, serverSettings(address ?? (await chooseAddress(cluster)), durability));
    const identity = identifyProcess(pid);
    try {
      const postmaster = await waitUntilServing(files, identity, signal);
      if (postmaster !== undefined) {
        await probeCluster(connectionOf(files, postmaster));
        return postmaster;
      }
    } catch (error) {
      await stopPostmaster(identity);
      throw error;
    }
    const log = readFileSync(files.log).subarray(logStart).toString('utf8');
    // The port was taken between the look and the start, or processes of a killed postmaster are still ending.
    if (attempt < 20 && /could not create any TCP\/IP sockets|shared memory block .* still in use/.test(log)) continue;
    throw describePostgresFailure('The embedded Postgres did not start', log, files.log);
  }
}

async function chooseAddress({ files, user }: ClusterOptions): Promise<ClusterAddress> {
  if (!fitsSocketAddress(files)) return { port: await findFreePort() };
  return { socketDirectory: user !== undefined && process.platform === 'linux' ? '/proc/self/cwd' : files.cluster };
}

/**
 * As another user than root the cluster is reached through the working directory, which the child enters before it
 * changes its user: so the project may lie where only root can go.
 */
async function spawnPostgres(cluster: ClusterOptions, settings: Record<string, string | number>): Promise<number> {
  const { files, binaries, user } = cluster;
  const log = openSync(files.log, 'a', 0o600);
  try {
    const child = spawn(
      binaries.postgres,
      [
        '-D',
        user !== undefined && process.platform === 'linux' ? '/proc/self/cwd' : files.cluster,
        ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ],
      { cwd: files.cluster, env: binaries.environment, stdio: ['ignore', log, log], detached: true, ...user },
    );
    await new Promise((resolve, reject) => {
      child.once('spawn', resolve).once('error', (error) => reject(describeSpawnFailure(error, binaries.postgres)));
    });
    child.unref();
    if (child.pid === undefined) throw new Error('A spawned process has an id.');
    return child.pid;
  } finally {
    closeSync(log);
  }
}

function connectionOf(files: PostgresFiles, postmaster: Postmaster): EmbeddedConnection {
  return {
    host: postmaster.overTcp ? '127.0.0.1' : files.cluster,
    port: postmaster.port,
    user: clusterUser,
    password: readPassword(files),
    database: 'postgres',
  };
}

function own(
  cluster: ClusterOptions,
  first: Postmaster,
  options: { adopted: boolean; lock: DataDirectoryLock; durability: Durability; logger: Logger },
): EmbeddedPostgres {
  const { durability, lock, logger } = options;
  const connection = connectionOf(cluster.files, first);
  const { host, port, user, password, database } = connection;
  const kept = keepPostgresRunning(first, {
    mayRestart: () => lock.isHeld(),
    restart: (signal) =>
      startPostmaster(
        { ...cluster, signal: AbortSignal.any([signal, AbortSignal.timeout(startTimeoutMs)]) },
        // Its clients know the address.
        first.overTcp ? { durability, address: { port } } : { durability },
      ),
    logger,
  });
  let stopped: Promise<void> | undefined;

  async function stop(): Promise<void> {
    try {
      const postmaster = await kept.release();
      await stopPostmaster(postmaster.identity);
    } finally {
      lock.release();
    }
  }

  return {
    connection,
    connectionString: `postgresql://${user}:${password}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`,
    adopted: options.adopted,
    get pid() {
      return kept.postmaster.identity.pid;
    },
    stop: () => (stopped ??= stop()),
  };
}
