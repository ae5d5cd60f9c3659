import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ProjectProblem } from './project-problem.ts';
import type { ProjectHooks } from './project.ts';

const suffix = '.hooks.ts';

/**
 * Finds the hooks of the providers that the integrations name: the project's own providers/<name>.hooks.ts first. A
 * provider of the project's own has no others: those of a shipped template belong to the shipped data.
 */
export function discoverHooks(
  root: string,
  { providers, templatesFolder }: { providers: readonly string[]; templatesFolder: string },
): { hooks: ProjectHooks[]; problems: ProjectProblem[] } {
  const hooks = providers.flatMap((provider): ProjectHooks[] => {
    const own = `providers/${provider}${suffix}`;
    if (existsSync(join(root, own))) {
      return [{ provider, file: join(root, own), root, entry: own, source: own }];
    }
    const entry = `${provider}/hooks.ts`;
    const file = join(templatesFolder, entry);
    if (existsSync(join(root, `providers/${provider}.yaml`)) || !existsSync(file)) return [];
    return [{ provider, file, root: templatesFolder, entry, source: `templates/${entry}` }];
  });
  return { hooks, problems: findStrays(root, new Set(providers)) };
}

/** Hooks of a name that nothing has would silently never be called. */
function findStrays(root: string, providers: ReadonlySet<string>): ProjectProblem[] {
  const folder = join(root, 'providers');
  const files = existsSync(folder) ? readdirSync(folder).sort() : [];
  return files
    .filter((file) => file.endsWith(suffix))
    .filter((file) => {
      const name = file.slice(0, -suffix.length);
      return !providers.has(name) && !files.includes(`${name}.yaml`);
    })
    .map((file) => ({
      code: 'provider_unknown',
      message: `No integration names the provider "${file.slice(0, -suffix.length)}" of these hooks.`,
      hint: 'Name the file like the provider, or remove it.',
      file: `providers/${file}`,
    }));
}
