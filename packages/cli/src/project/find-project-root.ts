import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { TenonError } from '@tenon/runtime/errors';

export const configFileName = 'tenon.config.ts';

/**
 * Walks up from a folder to the one that holds tenon.config.ts.
 * @throws TenonError `project_not_found`
 */
export function findProjectRoot(cwd: string): string {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(join(folder, configFileName))) return folder;
    if (dirname(folder) === folder) break;
  }
  throw new TenonError('project_not_found', `There is no ${configFileName} in ${cwd} or in a folder above it.`, {
    hint: 'Run `tenon init` to create a project, or change into one.',
  });
}
