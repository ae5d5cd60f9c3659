import { createHash, randomUUID } from 'node:crypto';
import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { TenonError } from '@tenon/runtime/errors';
import { isOpenToOthers } from './open-to-others.ts';
import type { LibraryLink } from './postgres-binaries.ts';

/**
 * A copy of the Postgres binaries that every user can run, for a root server whose node_modules other users cannot
 * enter. Postgres resolves its own path (realpath) to find its libraries and its time zones, so unlike the cluster it
 * cannot be reached through an inherited working directory. About 45 MB, made once a machine and package version.
 * Nobody but root can write where it is kept; a place that others could have prepared is refused.
 */
export function copyBinaries(
  nativeDirectory: string,
  links: readonly LibraryLink[],
  places: readonly string[] = ['/var/lib/tenon', join(tmpdir(), 'tenon-postgres')],
): string {
  const name = `postgres-${fingerprint(nativeDirectory)}`;
  for (const parent of places) {
    if (!claimDirectory(parent)) continue;
    const target = join(parent, name);
    if (existsSync(target)) return target;
    const draft = join(parent, `.draft-${randomUUID()}`);
    try {
      copyDirectory(nativeDirectory, draft, new Set(links.map((link) => link.target)));
      for (const link of links) symlinkSync(basename(link.source), join(draft, 'lib', basename(link.target)));
      renameSync(draft, target);
    } catch (error) {
      rmSync(draft, { recursive: true, force: true });
      // Another server finished the same copy first.
      if (!existsSync(target)) throw error;
    }
    return target;
  }
  throw new TenonError(
    'embedded_postgres_failed',
    `Postgres runs as another user than root, which cannot enter ${dirname(nativeDirectory)}, and no place was found for a copy of it.`,
    { hint: 'Move the project out of a folder that only root can enter, or set DATABASE_URL to a Postgres server.' },
  );
}

/** The binaries are told apart by the package's version and place in it: a copy never changes once made. */
function fingerprint(nativeDirectory: string): string {
  const manifest = readFileSync(join(nativeDirectory, '../package.json'));
  return createHash('sha256').update(manifest).digest('hex').slice(0, 16);
}

function claimDirectory(path: string): boolean {
  try {
    // A restrictive umask takes away from what mkdir is asked for.
    if (mkdirSync(path, { recursive: true }) !== undefined) chmodSync(path, 0o755);
    const state = lstatSync(path);
    return state.isDirectory() && state.uid === 0 && (state.mode & 0o022) === 0 && isOpenToOthers(path);
  } catch {
    return false;
  }
}

function copyDirectory(source: string, target: string, leftOut: ReadonlySet<string>): void {
  mkdirSync(target);
  chmodSync(target, 0o755);
  for (const name of readdirSync(source)) {
    const from = join(source, name);
    const to = join(target, name);
    if (leftOut.has(from) || name.endsWith('.a')) continue;
    if (statSync(from).isDirectory()) copyDirectory(from, to, leftOut);
    else {
      copyFileSync(from, to, constants.COPYFILE_FICLONE);
      chmodSync(to, basename(source) === 'bin' ? 0o755 : 0o644);
    }
  }
}
