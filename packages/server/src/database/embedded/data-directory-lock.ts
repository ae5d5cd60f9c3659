import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { TenonError } from '@tenon/runtime/errors';
import { identifyProcess, isRunning, type ProcessIdentity } from './process-identity.ts';

export interface DataDirectoryLock {
  /** false: another process took it for dead, and owns the directory now. */
  isHeld(): boolean;
  release(): void;
}

/**
 * One Tenon server per data directory.
 *
 * Lock files are numbered, `server-<n>.lock`, and the highest number counts. A dead owner's lock is never deleted
 * and made again (two that find it dead at once could each delete the other's new lock); its successor links the
 * next number, which succeeds for exactly one. The content is complete when the file appears, because it is written
 * elsewhere and linked.
 */
export function lockDataDirectory(dataDirectory: string): DataDirectoryLock {
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  const owner = identifyProcess(process.pid);
  const draft = join(dataDirectory, `.lock-${randomUUID()}`);
  writeFileSync(draft, JSON.stringify(owner), { mode: 0o644 });
  try {
    for (;;) {
      const highest = lockNumbers(dataDirectory).at(-1) ?? 0;
      if (highest > 0) refuseLiveOwner(dataDirectory, highest);
      const mine = highest + 1;
      if (!linkFile(draft, lockPath(dataDirectory, mine))) continue;
      if (lockNumbers(dataDirectory).some((number) => number > mine)) {
        // A successor came and went between the look and the link: its number is the one that counts.
        rmSync(lockPath(dataDirectory, mine), { force: true });
        continue;
      }
      for (const number of lockNumbers(dataDirectory))
        if (number < mine) rmSync(lockPath(dataDirectory, number), { force: true });
      return {
        isHeld: () => isDeepStrictEqual(readOwner(lockPath(dataDirectory, mine)), owner),
        release: () => rmSync(lockPath(dataDirectory, mine), { force: true }),
      };
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

function lockPath(dataDirectory: string, number: number): string {
  return join(dataDirectory, `server-${number}.lock`);
}

function lockNumbers(dataDirectory: string): number[] {
  return readdirSync(dataDirectory)
    .map((name) => Number(/^server-(\d+)\.lock$/.exec(name)?.[1] ?? 0))
    .filter((number) => number > 0)
    .sort((a, b) => a - b);
}

function refuseLiveOwner(dataDirectory: string, number: number): void {
  const owner = readOwner(lockPath(dataDirectory, number));
  if (owner === undefined || !isRunning(owner)) return;
  throw new TenonError(
    'data_directory_in_use',
    `The data directory ${dataDirectory} is in use by another Tenon server (process ${owner.pid}).`,
    {
      hint: `Stop process ${owner.pid}, or start this server with another data directory.`,
      details: { pid: owner.pid, dataDirectory },
    },
  );
}

function readOwner(path: string): ProcessIdentity | undefined {
  try {
    const content: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof content !== 'object' || content === null || !('pid' in content)) return undefined;
    const startedAt = 'startedAt' in content && typeof content.startedAt === 'string' ? content.startedAt : null;
    return typeof content.pid === 'number' ? { pid: content.pid, startedAt } : undefined;
  } catch {
    // Released meanwhile, or emptied by a power cut: either way nobody holds it.
    return undefined;
  }
}

function linkFile(source: string, target: string): boolean {
  try {
    linkSync(source, target);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
