import { readFileSync, statSync } from 'node:fs';
import { TenonError } from '@tenon/runtime/errors';
import type { PostgresFiles } from './postgres-files.ts';

export interface UnprivilegedUser {
  readonly uid: number;
  readonly gid: number;
}

/** Accounts that systems come with and that own nothing, in the order tried. */
const usualAccounts = ['nobody', 'postgres', 'daemon'];

/**
 * Postgres refuses to run as root, so a root server runs it as somebody else: the user that owns the cluster
 * already, else `nobody`. It must be in the password file, because initdb looks up its name.
 * Undefined where this process is not root and Postgres simply runs as the same user.
 */
export function findUnprivilegedUser(files: PostgresFiles): UnprivilegedUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readAccounts();
  const owner = readOwner(files.cluster);
  const user =
    accounts.find((account) => account.uid === owner && account.uid !== 0) ??
    usualAccounts
      .map((name) => accounts.find((account) => account.name === name))
      .find((account) => account !== undefined);
  if (user !== undefined) return { uid: user.uid, gid: user.gid };
  throw new TenonError(
    'embedded_postgres_failed',
    'Postgres does not run as root, and this system has no user such as "nobody" to run it as.',
    { hint: 'Start the server as a plain user, or set DATABASE_URL to a Postgres server.' },
  );
}

function readOwner(path: string): number | undefined {
  try {
    return statSync(path).uid;
  } catch {
    return undefined;
  }
}

function readAccounts(): { name: string; uid: number; gid: number }[] {
  let content: string;
  try {
    content = readFileSync('/etc/passwd', 'utf8');
  } catch {
    return [];
  }
  return content.split('\n').flatMap((line) => {
    const [name, , uid, gid] = line.split(':');
    // macOS writes nobody's id as -2.
    return name === undefined || uid === undefined ? [] : [{ name, uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 }];
  });
}
