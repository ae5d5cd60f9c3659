import { createRequire } from 'node:module';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readCliVersion } from '../../../output/cli-version.ts';
import type { DoctorCheck } from '../doctor-check.ts';

/** The runtime that the project's types come from should be the one that runs its scripts. */
export const projectRuntime: DoctorCheck = {
  name: '@tenon/runtime',
  about: 'project',
  run({ root }) {
    if (root === undefined) return { status: 'warning', found: 'no project to look in', fix: 'Run `tenon init`.' };
    const version = readInstalledVersion(root);
    const expected = readCliVersion();
    if (version === expected) return { status: 'ok', found: version };
    if (version === undefined) {
      return { status: 'failed', found: 'not installed in the project', fix: "Install the project's packages." };
    }
    return {
      status: 'warning',
      found: `${version} in the project, but the CLI is ${expected}`,
      fix: `Give tenon and @tenon/runtime the same version in package.json.`,
    };
  },
};

function readInstalledVersion(root: string): string | undefined {
  for (const folder of createRequire(join(root, 'tenon.config.ts')).resolve.paths('@tenon/runtime') ?? []) {
    const manifest = join(folder, '@tenon', 'runtime', 'package.json');
    if (existsSync(manifest) && existsSync(dirname(manifest))) {
      return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
    }
  }
  return undefined;
}
