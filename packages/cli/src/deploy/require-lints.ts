import { createLintError } from '../lint/lint-error.ts';
import { lintProject } from '../lint/lint-project.ts';
import type { Project } from '../project/project.ts';

/**
 * Lints what is about to be deployed. Warnings stop nothing.
 * @throws TenonError `lint_failed` with the first errors and all of them in its details
 */
export async function requireLints(project: Project, signal: AbortSignal): Promise<void> {
  const { findings } = await lintProject(project, { signal });
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return;
  throw createLintError(errors, { hint: 'Run `tenon check` to see them with their code.', withPlaces: true });
}
