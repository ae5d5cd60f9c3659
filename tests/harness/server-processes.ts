import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** The worker processes of a server: its children that run the worker's file. */
export async function workerPids(serverPid: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found: number[] = [];
  for (const pid of pids) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (status.includes(`\nPPid:\t${serverPid}\n`) && command.includes('worker/child.js')) found.push(Number(pid));
  }
  return found;
}

/** The main process of the embedded Postgres of a data directory. */
export async function postmasterPid(dataDirectory: string): Promise<number> {
  const text = await readFile(path.join(dataDirectory, 'postgres/data/postmaster.pid'), 'utf8');
  return Number(text.split('\n')[0]);
}

/** SIGKILL; a process that is gone already needs none. */
export function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
