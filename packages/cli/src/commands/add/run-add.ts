import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { TenonError } from '@tenon/runtime/errors';
import type { CommandContext } from '../../command-context.ts';
import { describeSetup } from '../../integrations/describe-setup.ts';
import { configFileName, findProjectRoot } from '../../project/find-project-root.ts';
import { loadConfig } from '../../project/load-config.ts';
import { shippedTemplatesFolder } from '../../project/templates-folder.ts';
import { addIntegrationToConfig } from '../../scaffold/edit-config.ts';
import { createEjectedText } from '../../scaffold/eject-text.ts';
import { planFiles, type WantedFile } from '../../scaffold/plan-files.ts';
import { readTemplate, type Template } from '../../scaffold/read-template.ts';
import { createProviderFiles, createTemplateFiles } from '../../scaffold/starter-files.ts';
import { writeFiles } from '../../scaffold/write-files.ts';
import { printSetup } from './print-setup.ts';

export interface AddFlags {
  /** Copies the provider into the project, to be changed there. */
  readonly eject?: boolean;
}

/**
 * Copies a provider's scripts, or one of them, into the project and names the integration in tenon.config.ts. A
 * provider without scripts only becomes an integration.
 * @param wanted `<provider>`, `<provider>/<function>`, or the path of a template
 * @throws TenonError `project_not_found`, `provider_unknown`, `usage_invalid`, `file_exists`
 */
export async function runAdd(wanted: string | undefined, context: CommandContext, flags: AddFlags = {}): Promise<void> {
  if (wanted === undefined) {
    throw new TenonError('usage_invalid', '`tenon add` needs to know which provider.', {
      hint: 'Run `tenon add --list` to see those that there are.',
    });
  }
  const root = findProjectRoot(context.cwd);
  const config = await loadConfig(root);
  const { templateName, functionName } = parseWanted(wanted);
  const template = pickFunction(
    await readTemplate(templateName, { cwd: context.cwd, templatesFolder: shippedTemplatesFolder }),
    functionName,
  );
  const { name } = template.provider;
  const sharedPaths = new Set(template.shared.map((file) => `integrations/${name}/${file.path}`));
  const files = createTemplateFiles(template).map((file): WantedFile =>
    // What functions share grows with the project: a changed one is the user's.
    sharedPaths.has(file.path) ? { ...file, ifDifferent: 'keep' } : file,
  );
  if (flags.eject === true && template.isShipped) {
    files.push(...createProviderFiles({ ...template, providerText: createEjectedText(template.providerText) }));
  }
  const isConfigured = Object.hasOwn(config.integrations, name);
  const configText = isConfigured
    ? undefined
    : await addIntegrationToConfig(await readFile(join(root, configFileName), 'utf8'), { name, provider: name });
  if (configText !== undefined) files.push({ path: configFileName, text: configText, ifDifferent: 'replace' });

  const { changes, kept } = await planFiles(root, files);
  await writeFiles(root, { changes, signal: context.signal });

  const { output } = context;
  const { colors } = output;
  for (const { path, before } of changes) {
    output.line(`${before === undefined ? colors.green('+') : colors.yellow('~')} ${path}`);
  }
  for (const path of kept) output.line(`${colors.dim('=')} ${path} ${colors.dim('(yours, left as it is)')}`);
  if (changes.length === 0) output.line('Everything is there already.');
  const configLine = isConfigured || configText !== undefined ? null : `'${name}': { provider: '${name}' },`;
  if (configLine !== null) {
    output.line();
    output.line(`Add this to integrations in ${configFileName}:`);
    output.line(`  ${colors.cyan(configLine)}`);
  }
  const setup = describeSetup(name, template.provider);
  printSetup(output, name, setup);
  output.result({ root, integration: name, written: changes.map((change) => change.path), kept, configLine, setup });
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
