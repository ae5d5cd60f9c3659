import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { TenonError } from '@tenon/runtime/errors';
import type { CommandContext } from '../../command-context.ts';
import { describeSetup } from '../../integrations/describe-setup.ts';
import { configFileName, findProjectRoot } from '../../project/find-project-root.ts';
import { listProviders } from '../../project/list-providers.ts';
import { loadConfig } from '../../project/load-config.ts';
import { shippedTemplatesFolder } from '../../project/templates-folder.ts';
import { chooseTemplate } from '../../scaffold/choose-template.ts';
import { addIntegrationToConfig } from '../../scaffold/edit-config.ts';
import { createEjectedText } from '../../scaffold/eject-text.ts';
import { mergeModels } from '../../scaffold/merge-models.ts';
import { planFiles, type FileChange, type WantedFile } from '../../scaffold/plan-files.ts';
import { readTemplate, type Template } from '../../scaffold/read-template.ts';
import { createProviderFiles, createTemplateFiles } from '../../scaffold/starter-files.ts';
import { writeFiles } from '../../scaffold/write-files.ts';
import { printSetup } from './print-setup.ts';

export interface AddFlags {
  /** Copies the provider into the project, to be changed there. */
  readonly eject?: boolean;
}

/**
 * Copies the scripts of providers, or single ones, into the project, all or none, and names the integrations in
 * tenon.config.ts. A provider without scripts only becomes an integration. On a terminal, nothing named is asked for.
 * @param wanted each `<provider>`, `<provider>/<function>`, or the path of a template
 * @throws TenonError `project_not_found`, `provider_unknown`, `usage_invalid`, `file_exists`
 */
export async function runAdd(wanted: readonly string[], context: CommandContext, flags: AddFlags = {}): Promise<void> {
  const root = findProjectRoot(context.cwd);
  const config = await loadConfig(root);
  const names = wanted.length > 0 ? wanted : [await askForProvider(context)];
  const additions: Addition[] = [];
  for (const name of names) additions.push(await readAddition(name, { root, context, flags }));

  const files = new Map(additions.flatMap((addition) => addition.files.map((file) => [file.path, file])));
  let configText = await readFile(join(root, configFileName), 'utf8');
  const configLines = new Map<string, string | null>();
  for (const { name } of additions) {
    if (configLines.has(name)) continue;
    const isConfigured = Object.hasOwn(config.integrations, name);
    const edited = isConfigured ? configText : await addIntegrationToConfig(configText, { name, provider: name });
    configLines.set(name, edited === undefined ? `'${name}': { provider: '${name}' },` : null);
    configText = edited ?? configText;
  }
  files.set(configFileName, { path: configFileName, text: configText, ifDifferent: 'replace' });

  const { changes, kept } = await planFiles(root, [...files.values()]);
  await writeFiles(root, { changes, signal: context.signal });
  report({ root, changes, kept, configLines, additions }, context);
}

interface Addition {
  /** Of the provider, and of its integration. */
  readonly name: string;
  readonly template: Template;
  readonly files: readonly WantedFile[];
}

/** @throws TenonError `usage_invalid` when there is nobody to ask */
async function askForProvider({ isInteractive, signal }: CommandContext): Promise<string> {
  if (!isInteractive) {
    throw new TenonError('usage_invalid', '`tenon add` needs to know which provider.', {
      hint: 'Run `tenon add --list` to see those that there are.',
    });
  }
  const providers = await listProviders(shippedTemplatesFolder);
  return chooseTemplate({ message: 'Which API do you add? Type to search.', providers, signal });
}

async function readAddition(
  wanted: string,
  { root, context, flags }: { root: string; context: CommandContext; flags: AddFlags },
): Promise<Addition> {
  const { templateName, functionName } = parseWanted(wanted);
  const template = pickFunction(
    await readTemplate(templateName, { cwd: context.cwd, templatesFolder: shippedTemplatesFolder }),
    functionName,
  );
  const { name } = template.provider;
  const sharedPaths = new Set(template.shared.map((file) => `integrations/${name}/${file.path}`));
  const files = await Promise.all(
    createTemplateFiles(template).map(async (file): Promise<WantedFile> =>
      sharedPaths.has(file.path) ? shareFile(file, { root, template }) : file,
    ),
  );
  if (flags.eject === true && template.isShipped) {
    files.push(...createProviderFiles({ ...template, providerText: createEjectedText(template.providerText) }));
  }
  return { name, template, files };
}

/** What functions share grows with the project: a changed one is the user's, and gets what it lacks. */
async function shareFile(
  file: WantedFile,
  { root, template }: { root: string; template: Template },
): Promise<WantedFile> {
  const path = join(root, file.path);
  if (!file.path.endsWith('/models.ts') || !existsSync(path)) return { ...file, ifDifferent: 'keep' };
  const own = await readFile(path, 'utf8');
  const folder = join(root, 'integrations', template.provider.name);
  const scripts = template.functions.filter((one) => !existsSync(join(folder, one.path))).map(({ text }) => text);
  const merged = own === file.text ? undefined : await mergeModels({ own, shipped: file.text, scripts });
  return merged === undefined ? { ...file, ifDifferent: 'keep' } : { ...file, text: merged, ifDifferent: 'replace' };
}

function report(
  {
    root,
    changes,
    kept,
    configLines,
    additions,
  }: {
    root: string;
    changes: readonly FileChange[];
    kept: readonly string[];
    /** By integration: what the user has to write; null: it is written. */
    configLines: ReadonlyMap<string, string | null>;
    additions: readonly Addition[];
  },
  { output }: CommandContext,
): void {
  const { colors } = output;
  for (const { path, before } of changes) {
    output.line(`${before === undefined ? colors.green('+') : colors.yellow('~')} ${path}`);
  }
  for (const path of kept) output.line(`${colors.dim('=')} ${path} ${colors.dim('(yours, left as it is)')}`);
  if (changes.length === 0) output.line('Everything is there already.');
  const lines = [...configLines.values()].filter((line) => line !== null);
  if (lines.length > 0) {
    output.line();
    output.line(`Add this to integrations in ${configFileName}:`);
    for (const line of lines) output.line(`  ${colors.cyan(line)}`);
  }
  const byName = new Map(additions.map((addition) => [addition.name, addition]));
  const integrations = [...byName.values()].map(({ name, template }) => {
    const setup = describeSetup(name, template.provider);
    printSetup(output, name, setup);
    return { integration: name, configLine: configLines.get(name) ?? null, setup };
  });
  const [first] = integrations;
  output.line();
  output.line('Next:');
  output.line(`  ${colors.cyan('tenon dev')}`);
  for (const { integration } of integrations) {
    output.line(`  ${colors.cyan(`tenon connect ${integration} --connection user1`)}`);
  }
  const written = changes.map((change) => change.path);
  output.result({ root, ...first, written, kept, integrations });
}

function parseWanted(wanted: string): { templateName: string; functionName: string | undefined } {
  if (wanted.startsWith('.') || isAbsolute(wanted)) return { templateName: wanted, functionName: undefined };
  const [templateName = '', functionName, ...rest] = wanted.split('/');
  if (rest.length > 0 || functionName === '') {
    throw new TenonError('usage_invalid', `"${wanted}" names neither a provider nor a function of one.`, {
      hint: 'Write `tenon add github` or `tenon add github/issues`.',
    });
  }
  return { templateName, functionName };
}

function pickFunction(template: Template, functionName: string | undefined): Template {
  if (functionName === undefined) return template;
  const functions = template.functions.filter((item) => item.name === functionName);
  if (functions.length > 0) return { ...template, functions };
  const known = template.functions.map((item) => item.name);
  throw new TenonError('usage_invalid', `The template "${template.provider.name}" has no function "${functionName}".`, {
    hint:
      known.length > 0
        ? `It has: ${known.join(', ')}.`
        : `It has none: \`tenon add ${template.provider.name}\` adds the provider.`,
    details: { functions: known },
  });
}
