import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TenonError } from '@tenon/runtime/errors';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { describePostgresFailure } from './postgres-failure.ts';
import type { PostgresFiles } from './postgres-files.ts';
import type { UnprivilegedUser } from './unprivileged-user.ts';

export interface ClusterOptions {
  readonly files: PostgresFiles;
  readonly binaries: PostgresBinaries;
  readonly user: UnprivilegedUser | undefined;
  readonly signal: AbortSignal;
}

/** The superuser of the cluster: the only role there is. */
export const clusterUser = 'tenon';

/**
 * Makes the cluster where there is none yet. initdb works in a folder of its own, renamed when it is done: whatever
 * is killed half-way leaves a draft, which the next start throws away.
 */
export async function initialiseCluster(options: ClusterOptions): Promise<void> {
  const { files, user } = options;
  for (const name of readdirSync(files.root))
    if (name.startsWith('initdb-')) await discardDraft(join(files.root, name));
  if (existsSync(files.cluster)) return;
  writePassword(options);
  const draft = join(files.root, `initdb-${randomUUID()}`);
  mkdirSync(draft, { mode: 0o700 });
  if (user !== undefined) chownSync(draft, user.uid, user.gid);
  try {
    await runInitdb(options, draft);
    renameSync(draft, files.cluster);
  } catch (error) {
    await discardDraft(draft);
    throw error;
  }
}

/** The initdb of a killed server may still be writing: what cannot be deleted now is left to the next start, it is never used. */
async function discardDraft(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 3, retryDelay: 20 }).catch(() => undefined);
}

export function readPassword(files: PostgresFiles): string {
  try {
    return readFileSync(files.password, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new TenonError('embedded_postgres_failed', `The password file ${files.password} is missing.`, {
      hint: `Restore it; or delete ${files.root}, and all data in it, to start anew.`,
    });
  }
}

function writePassword({ files, user }: ClusterOptions): void {
  const draft = `${files.password}-${randomUUID()}`;
  writeFileSync(draft, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  if (user !== undefined) chownSync(draft, user.uid, user.gid);
  renameSync(draft, files.password);
}

/**
 * The paths are relative to the working directory, which is entered before the user changes: so the cluster may lie
 * where only root can go. Locale: Postgres' own C.UTF-8, the same on every system. No sync: the operating system
 * writes the fresh files back within half a minute, and until then there is no data to lose; it saves 0.1-1 s.
 */
async function runInitdb({ files, binaries, user, signal }: ClusterOptions, directory: string): Promise<void> {
  const flags = ['--username', clusterUser, '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C'];
  flags.push('--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-sync', '--no-instructions');
  const throughWorkingDirectory = user !== undefined && process.platform === 'linux';
  flags.push('--pgdata', throughWorkingDirectory ? '/proc/self/cwd' : directory);
  flags.push('--pwfile', throughWorkingDirectory ? '../password' : files.password);
  const child = spawn(binaries.initdb, flags, {
    cwd: directory,
    env: { ...binaries.environment, LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
    ...user,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  }).catch((error: unknown) => {
    throw describeSpawnFailure(error, binaries.initdb);
  });
  if (status !== 0) throw describePostgresFailure('The embedded Postgres could not be set up', output, files.log);
}

/** A binary that is there and yet "not found" lacks its dynamic loader: the packages are built for glibc, not for musl. */
export function describeSpawnFailure(error: unknown, binary: string): unknown {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return error;
  const present = existsSync(binary);
  return new TenonError(
    'embedded_postgres_unavailable',
    present
      ? 'The embedded Postgres cannot run on this system: its dynamic loader is missing (it is built for glibc, not for musl).'
      : `The embedded Postgres is incomplete: ${binary} is missing.`,
    {
      hint: present ? 'Set DATABASE_URL to a Postgres server (14 or newer).' : 'Install the dependencies again.',
      cause: error,
    },
  );
}
