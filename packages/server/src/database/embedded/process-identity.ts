import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process, told apart from a later one that was given the same id. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in whatever form this platform tells it; null where it cannot be known. */
  readonly startedAt: string | null;
}

export function identifyProcess(pid: number): ProcessIdentity {
  return { pid, startedAt: readStartTime(pid) };
}

/** Whether this very process still runs. A zombie (killed, not yet reaped by its parent) does not. */
export function isRunning(identity: ProcessIdentity): boolean {
  if (!processExists(identity.pid)) return false;
  const startedAt = readStartTime(identity.pid);
  if (startedAt === 'zombie') return false;
  return startedAt === null || identity.startedAt === null || startedAt === identity.startedAt;
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it exists and belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function readStartTime(pid: number): string | null {
  if (process.platform === 'linux') return readLinuxStartTime(pid);
  if (process.platform === 'win32') return null;
  const answer = spawnSync('/bin/ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  return answer.status === 0 && answer.stdout.trim() !== '' ? answer.stdout.trim() : null;
}

/** proc_pid_stat(5): the name in parentheses may hold spaces; after it, field 3 is the state and 22 the start in ticks since boot. */
function readLinuxStartTime(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return 'zombie';
    const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return `${bootId}/${fields[19]}`;
  } catch {
    return null;
  }
}
