import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { readCliVersion } from '../../cli-version.ts';
import type { CommandContext } from '../../command-context.ts';
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
  report(
    { root, plan, packageManager, installed: installs, ownsPackage, integration: template.provider.name },
    context,
  );
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
  readonly ownsPackage: boolean;
  readonly integration: string;
}

function report(
  { root, plan, packageManager, installed, ownsPackage, integration }: InitReport,
  context: CommandContext,
): void {
  const { output, cwd } = context;
  const { colors } = output;
  const created = plan.changes.filter((change) => change.before === undefined).map((change) => change.path);
  const changed = plan.changes.filter((change) => change.before !== undefined).map((change) => change.path);
  for (const path of created) output.line(`${colors.green('+')} ${path}`);
  for (const path of changed) output.line(`${colors.yellow('~')} ${path}`);
  for (const path of plan.kept) output.line(`${colors.dim('=')} ${path} ${colors.dim('(yours, left as it is)')}`);
  if (created.length + changed.length === 0) output.line('Everything is there already.');

  const run = `${executePrefix[packageManager]} tenon`;
  const adding = describeAdding(packageManager, { normal: ['@tenon/runtime'], development: ['tenon'] });
  const folder = relative(cwd, root);
  const next = [
    ...(folder === '' ? [] : [`cd ${folder}`]),
    ...(installed ? [] : [ownsPackage ? `${packageManager} install` : adding]),
    `${run} dev`,
    `${run} connect ${integration} --connection user1`,
  ];
  output.line();
  if (!ownsPackage) output.line('Your package.json is left as it is; it needs two packages, as below.');
  output.line('Next:');
  for (const step of next) output.line(`  ${colors.cyan(step)}`);
  output.result({ root, created, changed, kept: plan.kept, integration, packageManager, installed, next });
}
