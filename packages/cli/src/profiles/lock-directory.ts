import { mkdir, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { TenonError } from '@tenon/runtime/errors';
import { wait } from '../follow/wait.ts';

/** The work inside takes some milliseconds. */
const staleMs = 10_000;
const patienceMs = 15_000;
const pollMs = 25;

/**
 * Does something while no other command does it in the same folder. A lock that a killed command left is taken over.
 * @throws TenonError `profile_store_failed` when it is not free in time
 */
export async function lockDirectory<Result>(
  directory: string,
  { signal, work }: { signal: AbortSignal; work: () => Promise<Result> },
): Promise<Result> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, '.lock');
  const deadline = Date.now() + patienceMs;
  while (!(await takeLock(path))) {
    if (Date.now() > deadline) {
      throw new TenonError('profile_store_failed', `${path} is held by another tenon command.`, {
        hint: 'Wait for it to end; if there is none, remove the file.',
      });
    }
    await wait(pollMs, signal);
    signal.throwIfAborted();
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function takeLock(path: string): Promise<boolean> {
  try {
    await (await open(path, 'wx', 0o600)).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const found = await stat(path).catch(() => undefined);
  if (found && Date.now() - found.mtimeMs > staleMs) await rm(path, { force: true });
  return false;
}
