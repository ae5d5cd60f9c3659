import { TenonError } from '@tenon/runtime/errors';
import { loadProject } from '../../../project/load-project.ts';
import type { DoctorCheck } from '../doctor-check.ts';

export const project: DoctorCheck = {
  name: 'project',
  about: 'project',
  async run({ cwd }) {
    try {
      const { root, integrations, scripts } = await loadProject(cwd);
      return { status: 'ok', found: `${root} (integrations: ${integrations.length}, functions: ${scripts.length})` };
    } catch (error) {
      if (!(error instanceof TenonError) || error.code !== 'project_not_found') throw error;
      return { status: 'warning', found: error.message, ...(error.hint !== undefined && { fix: error.hint }) };
    }
  },
};
