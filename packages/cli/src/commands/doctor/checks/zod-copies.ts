import { createRequire } from 'node:module';
import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DoctorCheck } from '../doctor-check.ts';

/** Schemas of one copy are not schemas to another: types do not match, and instanceof fails. */
export const zodCopies: DoctorCheck = {
  name: 'zod',
  about: 'project',
  run({ root }) {
    if (root === undefined) return { status: 'skipped', found: 'no project to look in' };
    const own = findPackage(join(root, 'tenon.config.ts'), 'zod');
    const runtime = findPackage(join(root, 'tenon.config.ts'), '@tenon/runtime');
    if (own === undefined) {
      return {
        status: 'warning',
        found: 'not installed in the project',
        fix: 'Scripts with models need it: install zod.',
      };
    }
    if (runtime === undefined) return { status: 'ok', found: own.version };
    const theirs = findPackage(join(runtime.folder, 'package.json'), 'zod');
    if (theirs === undefined || theirs.folder === own.folder) return { status: 'ok', found: own.version };
    const isOtherMajor = theirs.version.split('.')[0] !== own.version.split('.')[0];
    return {
      status: isOtherMajor ? 'failed' : 'warning',
      found: `two copies: ${own.version} in the project, ${theirs.version} in @tenon/runtime`,
      fix: `Make package.json ask for zod ${theirs.version}, install again, and run your package manager's dedupe.`,
    };
  },
};

function findPackage(from: string, name: string): { folder: string; version: string } | undefined {
  for (const modules of createRequire(from).resolve.paths(name) ?? []) {
    try {
      const manifest = realpathSync(join(modules, name, 'package.json'));
      const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
      return { folder: dirname(manifest), version };
    } catch {
      // Not there; the next folder up may have it.
    }
  }
  return undefined;
}
