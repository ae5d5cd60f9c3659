import { TenonError } from '@tenon/runtime/errors';
import { resolve } from 'node:path';
import type { CommandContext } from '../../command-context.ts';
import { listProviders } from '../../project/list-providers.ts';
import { listTemplates } from '../../project/list-templates.ts';
import { chooseTemplate } from '../../scaffold/choose-template.ts';
import { detectPackageManager, packageManagers, type PackageManager } from '../../scaffold/package-manager.ts';
import type { InitOptions } from './run-init.ts';

/** What `--yes` starts with: it works on one machine, without an account anywhere. */
const defaultTemplate = 'sandbox';

export interface InitChoices {
  readonly directory: string;
  readonly template: string;
  readonly packageManager: PackageManager;
}

/**
 * Completes what the flags leave open: by asking on a terminal, by defaults with --yes.
 * @throws TenonError `input_needed` when there is nobody to ask and no default was asked for
 */
export async function chooseInit(
  options: InitOptions & { templatesFolder: string },
  { cwd, env, signal, isInteractive }: CommandContext,
): Promise<InitChoices> {
  const directory = options.directory ?? '.';
  const detected = detectPackageManager(resolve(cwd, directory), env.userAgent);
  const templates = await listTemplates(options.templatesFolder);
  if (options.yes === true || !isInteractive) {
    const template = options.template ?? (options.yes === true ? defaultTemplate : undefined);
    if (template === undefined) {
      throw new TenonError('input_needed', 'Which template should the project start with?', {
        hint: `Name it with --template (${templates.join(', ')}), or take the defaults with --yes.`,
        details: { flag: '--template', templates },
      });
    }
    return { directory, template, packageManager: options.packageManager ?? detected };
  }
  const template =
    options.template ??
    (await chooseTemplate({
      message: 'Which API do you start with? Type to search.',
      providers: (await listProviders(options.templatesFolder)).filter(({ name }) => templates.includes(name)),
      preferred: defaultTemplate,
      signal,
    }));
  const { select } = await import('@inquirer/prompts');
  const packageManager =
    options.packageManager ??
    (options.skipInstall === true
      ? detected
      : await select(
          {
            message: 'Which package manager?',
            choices: packageManagers.map((name) => ({ value: name })),
            default: detected,
          },
          { signal },
        ));
  return { directory, template, packageManager };
}
