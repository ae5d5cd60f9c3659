import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProjectConfig } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import { loadProvider, type Provider } from '@tenon/runtime/provider';
import { configFileName } from './find-project-root.ts';
import { listShippedProviders } from './list-templates.ts';
import { locateInSource } from './locate-in-source.ts';
import type { ProjectProblem } from './project-problem.ts';
import type { ProjectIntegration } from './project.ts';

export interface LoadedProviders {
  readonly integrations: ProjectIntegration[];
  readonly problems: ProjectProblem[];
}

/** Finds the provider of every integration: the project's own providers/<name>.yaml first, then the shipped template's. */
export async function loadProviders(
  root: string,
  options: { config: ProjectConfig; templatesFolder: string },
): Promise<LoadedProviders> {
  const integrations: ProjectIntegration[] = [];
  const problems: ProjectProblem[] = [];
  for (const [name, integration] of Object.entries(options.config.integrations).sort(byName)) {
    const providerName = integration.provider ?? name;
    try {
      const provider = await readProvider(root, { name: providerName, templatesFolder: options.templatesFolder });
      if (provider !== undefined) integrations.push({ name, provider });
      else problems.push(await describeUnknown(root, { ...options, integration: name, providerName }));
    } catch (error) {
      if (!(error instanceof TenonError)) throw error;
      problems.push({
        code: error.code,
        message: error.message,
        ...(error.hint !== undefined && { hint: error.hint }),
      });
    }
  }
  return { integrations, problems };
}

async function readProvider(
  root: string,
  { name, templatesFolder }: { name: string; templatesFolder: string },
): Promise<Provider | undefined> {
  const own = `providers/${name}.yaml`;
  const ownText = await readIfPresent(join(root, own));
  if (ownText !== undefined) return requireName(loadProvider(ownText, own), { name, source: own });
  const shipped = await readIfPresent(join(templatesFolder, name, 'provider.yaml'));
  return shipped === undefined ? undefined : loadProvider(shipped, `templates/${name}/provider.yaml`);
}

function requireName(provider: Provider, expected: { name: string; source: string }): Provider {
  if (provider.name === expected.name) return provider;
  throw new TenonError('provider_invalid', `${expected.source} names itself "${provider.name}".`, {
    hint: `Write \`name: ${expected.name}\`, or rename the file to ${provider.name}.yaml.`,
  });
}

async function describeUnknown(
  root: string,
  options: { integration: string; providerName: string; templatesFolder: string },
): Promise<ProjectProblem> {
  const known = await listShippedProviders(options.templatesFolder);
  return {
    code: 'provider_unknown',
    message: `Integration "${options.integration}" needs the provider "${options.providerName}", which does not exist.`,
    hint: `Write providers/${options.providerName}.yaml, or name one of: ${known.join(', ') || '(none are shipped)'}.`,
    file: configFileName,
    ...locateInSource((await readIfPresent(join(root, configFileName))) ?? '', ['integrations', options.integration]),
  };
}

async function readIfPresent(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
