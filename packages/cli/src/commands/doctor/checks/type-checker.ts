import { findTypeChecker } from '../../../compile/find-type-checker.ts';
import type { DoctorCheck } from '../doctor-check.ts';
import { readVersion } from '../read-version.ts';

export const typeChecker: DoctorCheck = {
  name: 'type checker',
  about: 'machine',
  async run({ env, signal }) {
    const executable = await findTypeChecker();
    const version = await readVersion(executable, { env, signal });
    if (version !== undefined) return { status: 'ok', found: `TypeScript ${version.replace(/^Version /, '')}` };
    return {
      status: 'failed',
      found: `${executable} does not run`,
      fix: 'Install tenon again on this machine: the executable may be of another platform.',
    };
  },
};
