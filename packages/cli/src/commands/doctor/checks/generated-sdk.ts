import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { compileProject } from '../../../compile/compile-project.ts';
import { loadProject } from '../../../project/load-project.ts';
import type { DoctorCheck } from '../doctor-check.ts';

export const generatedSdk: DoctorCheck = {
  name: 'generated SDK',
  about: 'project',
  timeoutMs: 60_000,
  async run({ root, cwd, signal }) {
    if (root === undefined) return { status: 'skipped', found: 'no project to look in' };
    const project = await loadProject(cwd).catch(() => undefined);
    // What is wrong with it is said by the check of the project.
    if (project === undefined) return { status: 'skipped', found: 'the project does not load' };
    const directory = resolve(root, project.config.sdk.out);
    if (!existsSync(directory)) return { status: 'ok', found: 'not generated; `tenon generate` writes it' };
    const [{ emitSdk }, { compareSdk }] = await Promise.all([
      import('../../../generate/emit-sdk.ts'),
      import('../../../generate/write-sdk.ts'),
    ]);
    const { manifest } = await compileProject(project, { signal });
    const files = await emitSdk(manifest, { importExtension: project.config.sdk.importExtension });
    const { written, removed } = await compareSdk(directory, files);
    if (written.length + removed.length === 0)
      return { status: 'ok', found: `${project.config.sdk.out} is up to date` };
    return {
      status: 'warning',
      found: `${project.config.sdk.out} is not what the project declares now`,
      fix: 'Run `tenon generate` and commit what it writes.',
    };
  },
};
