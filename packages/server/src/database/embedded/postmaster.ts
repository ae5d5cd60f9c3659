import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { identifyProcess, isRunning, type ProcessIdentity } from './process-identity.ts';
import type { PostgresFiles } from './postgres-files.ts';

/** A Postgres that runs on our cluster, as its postmaster.pid tells. */
export interface Postmaster {
  readonly identity: ProcessIdentity;
  readonly port: number;
  /** It listens on a loopback port rather than on a socket in its folder. */
  readonly overTcp: boolean;
  /** `starting`, `ready`, `stopping`; empty while it is only just beginning. */
  readonly status: string;
}

/** Milliseconds between looks at postmaster.pid; a warm start takes 40-70 ms. */
const pollMs = 5;

/** The postmaster of this cluster, if one runs. Lock files that a dead or foreign process left are removed. */
export function findPostmaster(files: PostgresFiles): Postmaster | undefined {
  const postmaster = readPidFile(files);
  if (postmaster && isRunning(postmaster.identity) && servesCluster(postmaster.identity.pid, files)) return postmaster;
  removeLockFiles(files);
  return undefined;
}

/**
 * Postgres would refuse to start if the process id in them had been given to another process since, or belonged to a
 * zombie: a killed orphan stays one for as long as the init process of a container doesn't reap it. Sessions of the
 * dead postmaster that still end are not overlooked: their shared memory is found by the inode of the cluster.
 */
function removeLockFiles({ cluster }: PostgresFiles): void {
  if (!existsSync(cluster)) return;
  for (const name of readdirSync(cluster)) {
    if (name === 'postmaster.pid' || /^\.s\.PGSQL\.\d+\.lock$/.test(name)) rmSync(join(cluster, name), { force: true });
  }
}

/**
 * Waits until the postmaster serves, or is gone.
 * @returns undefined if it ended.
 */
export async function waitUntilServing(
  files: PostgresFiles,
  identity: ProcessIdentity,
  signal: AbortSignal,
): Promise<Postmaster | undefined> {
  while (isRunning(identity)) {
    const postmaster = readPidFile(files);
    if (postmaster?.identity.pid === identity.pid && postmaster.status === 'ready') return postmaster;
    await delay(pollMs, undefined, { signal });
  }
  return undefined;
}

/** Fast shutdown: open transactions are rolled back. A postmaster that does not end in time is stopped the hard way and recovers at its next start. */
export async function stopPostmaster(identity: ProcessIdentity, graceMs = 10_000): Promise<void> {
  if (!isRunning(identity)) return;
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    try {
      process.kill(identity.pid, signal);
    } catch {
      return;
    }
    const deadline = Date.now() + graceMs;
    while (Date.now() < deadline) {
      if (!isRunning(identity)) return;
      await delay(pollMs);
    }
  }
}

/** Lines of postmaster.pid (src/include/utils/pidfile.h): 1 pid, 4 port, 6 listen address, 8 status. */
function readPidFile(files: PostgresFiles): Postmaster | undefined {
  const path = join(files.cluster, 'postmaster.pid');
  if (!existsSync(path)) return undefined;
  const lines = readFileSync(path, 'utf8').split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return {
    identity: identifyProcess(pid),
    port: Number(lines[3] ?? 0),
    overTcp: (lines[5] ?? '').trim() !== '',
    status: (lines[7] ?? '').trim(),
  };
}

/** A postmaster's working directory is its cluster; where that cannot be seen, its name has to do. */
function servesCluster(pid: number, files: PostgresFiles): boolean {
  if (process.platform === 'linux') {
    try {
      return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(files.cluster);
    } catch {
      return false;
    }
  }
  if (process.platform === 'win32') return true;
  return /postgres/.test(spawnSync('/bin/ps', ['-o', 'comm=', '-p', String(pid)], { encoding: 'utf8' }).stdout);
}
