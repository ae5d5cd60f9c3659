import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { dataDirectoryOf, readLocalServer } from '../../../api-client/local-server.ts';
import type { DoctorCheck } from '../doctor-check.ts';

/** A Postgres whose server was killed goes on alone, and holds the memory and the data folder. */
export const orphanedPostgres: DoctorCheck = {
  name: 'orphaned Postgres',
  about: 'machine',
  async run({ root }) {
    if (root === undefined) return { status: 'skipped', found: 'no project to look in' };
    const data = join(dataDirectoryOf(root), 'postgres', 'data');
    const pid = readPostmasterPid(data);
    if (pid === undefined || !isAlive(pid)) return { status: 'ok', found: 'none' };
    const server = await readLocalServer(root);
    if (server?.isAlive === true) return { status: 'ok', found: `none: process ${pid} serves process ${server.pid}` };
    const isCertain = isPostgresOf(pid, data);
    return {
      status: 'warning',
      found: `process ${pid} runs on without a server`,
      fix: `Start \`tenon dev\`, which takes it over, or end it: \`kill -INT ${pid}\`.`,
      ...(isCertain && {
        repair() {
          // "Fast shutdown": what is committed is on the disk, and the next start recovers nothing.
          process.kill(pid, 'SIGINT');
          return `process ${pid} was told to shut down`;
        },
      }),
    };
  },
};

function readPostmasterPid(data: string): number | undefined {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
  return Number.isInteger(pid) && pid > 1 ? pid : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A number can be another process' by now; only Linux says simply whose it is. */
function isPostgresOf(pid: number, data: string): boolean {
  try {
    const parts = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return (
      (parts[0] ?? '').endsWith('postgres') &&
      parts.some((part) => part.startsWith('/') && resolve(part) === resolve(data))
    );
  } catch {
    return false;
  }
}
