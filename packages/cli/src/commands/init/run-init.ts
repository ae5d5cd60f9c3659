import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { Provider } from '@tenon/runtime/provider';
import { z } from 'zod';
import { readCliVersion } from '../../cli-version.ts';
import type { CommandContext } from '../../command-context.ts';
import { describeSetup } from '../../integrations/describe-setup.ts';
import { shippedTemplatesFolder } from '../../project/templates-folder.ts';
import { installPackages } from '../../scaffold/install-packages.ts';
import { describeAdding, executePrefix, lockFileNames, type PackageManager } from '../../scaffold/package-manager.ts';
import { planFiles, type FilePlan } from '../../scaffold/plan-files.ts';
import { readTemplate } from '../../scaffold/read-template.ts';
import { createStarterFiles } from '../../scaffold/starter-files.ts';
import { writeFiles, type WrittenFiles } from '../../scaffold/write-files.ts';
import { chooseInit } from './choose-init.ts';

export interface InitOptions {
  readonly directory: string | undefined;
  /** Name of a shipped template, or a path. */
  readonly template?: string;
  readonly yes?: boolean;
  readonly packageManager?: PackageManager;
  readonly skipInstall?: boolean;
}

/**
 * Creates a project, or adds what is missing to a folder. Nothing that exists is replaced; interrupted at any point,
 * the installation included, it leaves the folder as it was.
 * @throws TenonError `input_needed`, `provider_unknown`, `file_exists`, `install_failed`
 */
export async function runInit(options: InitOptions, context: CommandContext): Promise<void> {
  const choices = await chooseInit({ ...options, templatesFolder: shippedTemplatesFolder }, context);
  const root = resolve(context.cwd, choices.directory);
  const template = await readTemplate(choices.template, { cwd: context.cwd, templatesFolder: shippedTemplatesFolder });
  const { packageManager } = choices;
  const plan = await planFiles(root, createStarterFiles({ root, template, packageManager, version: readCliVersion() }));
  const leftovers = installLeftovers.filter((name) => !existsSync(join(root, name)));
  const written = await writeFiles(root, { changes: plan.changes, signal: context.signal });
  // A package.json of the user's own does not name our packages: installing would not bring them.
  const ownsPackage = !plan.kept.includes('package.json');
  const missing = ownsPackage ? [] : await findMissingPackages(root);
  const installs = ownsPackage && options.skipInstall !== true;
  if (installs) {
    const progress = context.output.progress(`installing packages with ${packageManager}`);
    try {
      await installPackages(root, { manager: packageManager, env: context.env, signal: context.signal });
    } catch (error) {
      if (context.signal.aborted) await undoAll(root, { written, leftovers });
      throw error;
    } finally {
      progress.stop();
    }
  }
  report({ root, plan, packageManager, installed: installs, missing, provider: template.provider }, context);
}

/** What package managers make beside the packages that were asked for. */
const installLeftovers = ['node_modules', ...lockFileNames];

/** @param leftovers of the installation, that did not exist before it */
async function undoAll(
  root: string,
  { written, leftovers }: { written: WrittenFiles; leftovers: readonly string[] },
): Promise<void> {
  for (const name of leftovers) await rm(join(root, name), { recursive: true, force: true });
  await written.undo();
}

interface InitReport {
  readonly root: string;
  readonly plan: FilePlan;
  readonly packageManager: PackageManager;
  readonly installed: boolean;
  /** What a package.json of the user's own does not name yet. */
  readonly missing: readonly string[];
  readonly provider: Provider;
}

/** Which of Tenon's packages the user's own package.json does not name. */
async function findMissingPackages(root: string): Promise<string[]> {
  const parsed: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const { dependencies, devDependencies } = packageSchema.parse(parsed);
  const named = { ...dependencies, ...devDependencies };
  return ['@tenon/runtime', 'tenon'].filter((name) => !Object.hasOwn(named, name));
}

const packageSchema = z
  .object({ dependencies: z.record(z.string(), z.unknown()), devDependencies: z.record(z.string(), z.unknown()) })
  .partial()
  .catch({});

function report(
  { root, plan, packageManager, installed, missing, provider }: InitReport,
  context: CommandContext,
): void {
  const { output, cwd } = context;
  const integration = provider.name;
  const { colors } = output;
  const created = plan.changes.filter((change) => change.before === undefined).map((change) => change.path);
  const changed = plan.changes.filter((change) => change.before !== undefined).map((change) => change.path);
  for (const path of created) output.line(`${colors.green('+')} ${path}`);
  for (const path of changed) output.line(`${colors.yellow('~')} ${path}`);
  for (const path of plan.kept) output.line(`${colors.dim('=')} ${path} ${colors.dim('(yours, left as it is)')}`);
  if (created.length + changed.length === 0) output.line('Everything is there already.');

  const run = `${executePrefix[packageManager]} tenon`;
  const adding = describeAdding(packageManager, {
    normal: missing.filter((name) => name !== 'tenon'),
    development: missing.filter((name) => name === 'tenon'),
  });
  const isAdding = missing.length > 0;
  const isInstalled =
    installed || ['@tenon/runtime', 'tenon'].every((name) => existsSync(join(root, 'node_modules', name)));
  const folder = relative(cwd, root);
  const { url, values } = describeSetup(integration, provider);
  const required = values.filter(({ isOptional }) => !isOptional);
  const next = [
    ...(folder === '' ? [] : [`cd ${folder}`]),
    ...(isAdding ? [adding] : isInstalled ? [] : [`${packageManager} install`]),
    `${run} dev`,
    ...required.map(({ variable }) => `${run} env set ${variable}`),
    `${run} connect ${integration} --connection user1`,
  ];
  output.line();
  if (isAdding) output.line(`Your package.json is left as it is; it needs ${missing.join(' and ')}, as below.`);
  if (required.length > 0 && url !== undefined) {
    output.line(`${provider.displayName} needs an app of yours, registered at ${colors.cyan(url)}.`);
  }
  output.line('Next:');
  for (const step of next) output.line(`  ${colors.cyan(step)}`);
  output.result({ root, created, changed, kept: plan.kept, integration, packageManager, installed, next });
}
