import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, posix, relative, resolve } from 'node:path';
import type { Provider } from '@tenon/runtime/provider';
import { z } from 'zod';
import { readCliVersion } from '../../output/cli-version.ts';
import type { CommandContext } from '../../command-context.ts';
import type { Output } from '../../output/output.ts';
import { describeSetup } from '../../integrations/describe-setup.ts';
import { shippedTemplatesFolder } from '../../project/templates-folder.ts';
import { installPackages } from '../../scaffold/install-packages.ts';
import { findLeftOut } from '../../scaffold/find-left-out.ts';
import { findWorkspace, type Workspace } from '../../scaffold/find-workspace.ts';
import { describeAdding, executePrefix, type PackageManager } from '../../scaffold/package-manager.ts';
import { planFiles, type FilePlan } from '../../scaffold/plan-files.ts';
import { readTemplate, type Template } from '../../scaffold/read-template.ts';
import { rememberInstallation } from '../../scaffold/remember-installation.ts';
import { createStarterFiles, createTemplateFiles } from '../../scaffold/starter-files.ts';
import { writeFiles } from '../../scaffold/write-files.ts';
import { chooseInit } from './choose-init.ts';

export interface InitOptions {
  readonly directory: string | undefined;
  /** Name of a shipped template, or a path. */
  readonly template?: string;
  readonly yes?: boolean;
  readonly packageManager?: PackageManager;
  readonly skipInstall?: boolean;
  /** Writes nothing. */
  readonly dryRun?: boolean;
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
  const workspace = findWorkspace(root);
  // In a repository, everything is planned from its top: the workflow belongs there.
  const base = workspace.root;
  const starter = {
    root,
    template,
    packageManager,
    version: readCliVersion(),
    folder: workspace.path,
    ...yarnOf(workspace),
  };
  const wanted = createStarterFiles(starter).map((file) => ({ ...file, path: posix.join(workspace.path, file.path) }));
  const plan = await planFiles(base, wanted);
  const places = { root, base, plan, packageManager, workspace, template };
  if (options.dryRun === true) return reportPlan(places, context);
  const restore = await rememberInstallation([...new Set([root, base])]);
  const written = await writeFiles(base, { changes: plan.changes, signal: context.signal });
  // A package.json of the user's own does not name our packages: installing would not bring them.
  const ownsPackage = !plan.kept.includes(posix.join(workspace.path, 'package.json'));
  const missing = ownsPackage ? [] : await findMissingPackages(root);
  const installs = ownsPackage && options.skipInstall !== true;
  if (installs) {
    const progress = context.output.progress(`installing packages with ${packageManager}`);
    try {
      await installPackages(root, { manager: packageManager, env: context.env, signal: context.signal });
    } catch (error) {
      if (context.signal.aborted) {
        await restore();
        await written.undo();
      }
      throw error;
    } finally {
      progress.stop();
    }
  }
  const leftOut = await findLeftOutScripts(places);
  report({ ...places, installed: installs, missing, leftOut, provider: template.provider }, context);
}

function yarnOf({ isYarnClassic }: Workspace) {
  return { isYarnClassic };
}

/** A tsconfig.json of the user's own may not include what was written; then `tenon check` would refuse the project. */
async function findLeftOutScripts({
  root,
  plan,
  workspace,
  template,
}: Pick<InitReport, 'root' | 'plan' | 'workspace'> & { template: Template }): Promise<readonly string[]> {
  if (!plan.kept.includes(posix.join(workspace.path, 'tsconfig.json'))) return [];
  return findLeftOut(root, ['tenon.config.ts', ...createTemplateFiles(template).map(({ path }) => path)]);
}

function reportPlan({ root, plan }: { root: string; plan: FilePlan }, { output }: CommandContext): void {
  const { created, changed } = printChanges(plan, output);
  output.line('Nothing was written: this was a dry run.');
  output.result({ root, dryRun: true, created, changed, kept: plan.kept });
}

function printChanges(plan: FilePlan, output: Output): { created: string[]; changed: string[] } {
  const { colors } = output;
  const created = plan.changes.filter((change) => change.before === undefined).map((change) => change.path);
  const changed = plan.changes.filter((change) => change.before !== undefined).map((change) => change.path);
  for (const path of created) output.line(`${colors.green('+')} ${path}`);
  for (const path of changed) output.line(`${colors.yellow('~')} ${path}`);
  for (const path of plan.kept) output.line(`${colors.dim('=')} ${path} ${colors.dim('(yours, left as it is)')}`);
  if (created.length + changed.length === 0) output.line('Everything is there already.');
  return { created, changed };
}

interface InitReport {
  readonly root: string;
  readonly workspace: Workspace;
  readonly plan: FilePlan;
  readonly packageManager: PackageManager;
  readonly installed: boolean;
  /** What a package.json of the user's own does not name yet. */
  readonly missing: readonly string[];
  /** What the user's own tsconfig.json does not include. */
  readonly leftOut: readonly string[];
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
  { root, workspace, plan, packageManager, installed, missing, leftOut, provider }: InitReport,
  context: CommandContext,
): void {
  const { output, cwd } = context;
  const integration = provider.name;
  const { colors } = output;
  const { created, changed } = printChanges(plan, output);
  const run = `${executePrefix[packageManager]} tenon`;
  const adding = describeAdding(packageManager, {
    normal: missing.filter((name) => name !== 'tenon'),
    development: missing.filter((name) => name === 'tenon'),
    isWorkspaceRoot: workspace.isMonorepo && workspace.path === '',
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
  if (leftOut.length > 0) {
    const names = [...new Set(leftOut.map((path) => `"${path.split('/')[0]}"`))].join(', ');
    output.line(`Your tsconfig.json is left as it is; add ${names} to its "include", so that types are checked.`);
  }
  output.line('Next:');
  for (const step of next) output.line(`  ${colors.cyan(step)}`);
  output.result({ root, created, changed, kept: plan.kept, integration, packageManager, installed, leftOut, next });
}
