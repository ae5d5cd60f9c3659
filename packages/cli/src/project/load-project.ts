import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { discoverHooks } from './discover-hooks.ts';
import { discoverScripts } from './discover-scripts.ts';
import { configFileName, findProjectRoot } from './find-project-root.ts';
import { findIntegrationProblems } from './integration-rules.ts';
import { loadConfig } from './load-config.ts';
import { loadProviders } from './load-providers.ts';
import { throwProblems } from './project-problem.ts';
import { projectRules } from './project-rules.ts';
import type { Project } from './project.ts';
import { shippedTemplatesFolder } from './templates-folder.ts';

export interface LoadProjectOptions {
  /** Where providers are looked for after the project's own. Default: the templates that ship with the CLI. */
  readonly templatesFolder?: string;
}

/**
 * Finds and reads the project that a folder belongs to.
 * @throws TenonError `project_not_found`, `config_invalid`, or the first code of all problems, which its details list
 */
export async function loadProject(cwd: string, options: LoadProjectOptions = {}): Promise<Project> {
  const root = findProjectRoot(cwd);
  const config = await loadConfig(root);
  const templatesFolder = options.templatesFolder ?? shippedTemplatesFolder;
  const [providers, files, configText] = await Promise.all([
    loadProviders(root, { config, templatesFolder }),
    discoverScripts(root),
    readFile(join(root, configFileName), 'utf8'),
  ]);
  const names = new Set(providers.integrations.map(({ provider }) => provider.name));
  const hooks = discoverHooks(root, { providers: [...names].sort(), templatesFolder });
  throwProblems([
    ...providers.problems,
    ...hooks.problems,
    ...findIntegrationProblems(providers.integrations, { config, configText }),
    ...projectRules.flatMap((rule) => rule.findProblems({ config, files })),
  ]);
  return { root, config, integrations: providers.integrations, scripts: files.scripts, hooks: hooks.hooks };
}
