import { readVersion } from '../read-version.ts';
import type { DoctorCheck } from '../doctor-check.ts';
import { detectPackageManager } from '../../../scaffold/package-manager.ts';

export const packageManager: DoctorCheck = {
  name: 'package manager',
  about: 'machine',
  async run({ cwd, env, signal }) {
    const manager = detectPackageManager(cwd, env.userAgent);
    const version = await readVersion(manager, { env, signal });
    if (version !== undefined) return { status: 'ok', found: `${manager} ${version}` };
    return {
      status: 'failed',
      found: `${manager} does not run`,
      fix: `Install ${manager}, or remove its lock file if the project uses another package manager.`,
    };
  },
};
