import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { TenonError } from '@tenon/runtime/errors';
import { loadProvider, type Provider } from '@tenon/runtime/provider';
import { listTemplates } from '../project/list-templates.ts';
import { recordingSuffix } from '../recordings/recording-place.ts';

export interface TemplateFile {
  /** Path from integrations/<provider>/ with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export interface TemplateFunction extends TemplateFile {
  readonly name: string;
  /** What `tenon test` replays; paths are names of files here. */
  readonly recordings: readonly TemplateFile[];
}

/** What a template gives to a project. */
export interface Template {
  readonly provider: Provider;
  /** Of provider.yaml. */
  readonly providerText: string;
  /** Whether it ships with the CLI; a project keeps the provider of any other. */
  readonly isShipped: boolean;
  /** Of hooks.ts; undefined: the provider has no hooks. */
  readonly hooksText: string | undefined;
  /** Files that the functions import, such as models.ts. */
  readonly shared: readonly TemplateFile[];
  readonly functions: readonly TemplateFunction[];
}

/**
 * Reads a template: a shipped one by its name, or a folder by its path (starting with a dot, or absolute).
 * @throws TenonError `provider_unknown` when there is none, `provider_invalid` when its provider.yaml is not right
 */
export async function readTemplate(
  nameOrPath: string,
  options: { cwd: string; templatesFolder: string },
): Promise<Template> {
  const isPath = nameOrPath.startsWith('.') || isAbsolute(nameOrPath);
  const folder = isPath ? resolve(options.cwd, nameOrPath) : join(options.templatesFolder, nameOrPath);
  if ((!isPath && !/^[a-z][a-z0-9-]*$/.test(nameOrPath)) || !existsSync(join(folder, 'provider.yaml'))) {
    throw await describeUnknown(nameOrPath, { isPath, ...options });
  }
  const text = await readFile(join(folder, 'provider.yaml'), 'utf8');
  const provider = loadProvider(
    text,
    isPath ? join(nameOrPath, 'provider.yaml') : `templates/${nameOrPath}/provider.yaml`,
  );
  const hooksFile = join(folder, 'hooks.ts');
  const scripts = [...(await readScripts(folder, 'syncs')), ...(await readScripts(folder, 'actions'))];
  const functions = scripts.map(async (file): Promise<TemplateFunction> => {
    const name = file.path.replace(/^.*\//, '').replace(/\.ts$/, '');
    return { ...file, name, recordings: await readRecordings(join(folder, 'recordings', name)) };
  });
  return {
    provider,
    providerText: text,
    isShipped: !isPath,
    hooksText: existsSync(hooksFile) ? await readFile(hooksFile, 'utf8') : undefined,
    shared: (await readScripts(folder, '')).filter((file) => file.path !== 'hooks.ts'),
    functions: await Promise.all(functions),
  };
}

async function describeUnknown(
  nameOrPath: string,
  options: { isPath: boolean; templatesFolder: string },
): Promise<TenonError> {
  if (options.isPath) {
    return new TenonError('provider_unknown', `There is no template in ${nameOrPath}: it has no provider.yaml.`, {
      hint: 'Name a folder that holds provider.yaml, syncs/ and actions/.',
    });
  }
  const known = await listTemplates(options.templatesFolder);
  return new TenonError('provider_unknown', `There is no template "${nameOrPath}".`, {
    hint: `Templates: ${known.join(', ') || '(none are shipped)'}. A folder of your own is named by its path, such as ./my-template.`,
    details: { templates: known },
  });
}

async function readScripts(folder: string, inside: string): Promise<TemplateFile[]> {
  const absolute = join(folder, inside);
  if (!existsSync(absolute)) return [];
  const names = (await readdir(absolute, { withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !/\.(test|spec)\.ts$/.test(entry.name))
    .map((entry) => entry.name)
    .sort();
  return Promise.all(
    names.map(async (name) => ({
      path: inside === '' ? name : `${inside}/${name}`,
      text: await readFile(join(absolute, name), 'utf8'),
    })),
  );
}

async function readRecordings(folder: string): Promise<TemplateFile[]> {
  if (!existsSync(folder)) return [];
  const names = (await readdir(folder)).filter((name) => name.endsWith(recordingSuffix)).sort();
  return Promise.all(names.map(async (name) => ({ path: name, text: await readFile(join(folder, name), 'utf8') })));
}
