import { basename } from 'node:path';
import { describeSetup } from '../integrations/describe-setup.ts';
import { findRecordingPlace, type FunctionRef } from '../recordings/recording-place.ts';
import { createAgentsText } from './agents-text.ts';
import { executePrefix, type PackageManager } from './package-manager.ts';
import type { WantedFile } from './plan-files.ts';
import { isIdentifierName } from './property-name.ts';
import type { Template, TemplateFile } from './read-template.ts';
import { createWorkflowText } from './workflow-text.ts';

export interface StarterOptions {
  /** Absolute path of the project. */
  readonly root: string;
  readonly template: Template;
  readonly packageManager: PackageManager;
  /** Of the project in its repository, with forward slashes; empty: the repository is the project. */
  readonly folder: string;
  /** Whether the repository's yarn.lock is of yarn 1. */
  readonly isYarnClassic: boolean;
  /** Of the CLI; the runtime is released together with it. */
  readonly version: string;
}

/** Every file of a new project. */
export function createStarterFiles(options: StarterOptions): WantedFile[] {
  const { template, packageManager } = options;
  const { name } = template.provider;
  return [
    { path: 'package.json', text: createPackageText(options), ifDifferent: 'keep' },
    { path: 'tenon.config.ts', text: createConfigText(name) },
    { path: 'tsconfig.json', text: tsconfigText, ifDifferent: 'keep' },
    ...createTemplateFiles(template),
    { path: '.env.example', text: createEnvExample(template), ifDifferent: 'keep' },
    { path: '.gitignore', text: 'node_modules/\n.tenon/\n.env\n', ifDifferent: 'append' },
    {
      path: 'AGENTS.md',
      text: createAgentsText(executePrefix[packageManager], template.provider),
      ifDifferent: 'keep',
    },
    {
      // GitHub reads workflows at the top of a repository only.
      path: `${'../'.repeat(options.folder === '' ? 0 : options.folder.split('/').length)}.github/workflows/tenon.yml`,
      text: createWorkflowText(packageManager, { ...options, testCommand: createTestCommand(template) }),
      ifDifferent: 'keep',
    },
  ];
}

/** A provider as a project keeps it: its data, and its hooks, which belong to them. */
export function createProviderFiles({
  provider,
  providerText,
  hooksText,
}: Pick<Template, 'provider' | 'providerText' | 'hooksText'>): WantedFile[] {
  return [
    { path: `providers/${provider.name}.yaml`, text: providerText },
    ...(hooksText === undefined ? [] : [{ path: `providers/${provider.name}.hooks.ts`, text: hooksText }]),
  ];
}

/** The files that a template gives, in their places in a project. */
export function createTemplateFiles(template: Template): WantedFile[] {
  const { provider, shared, functions } = template;
  const folder = `integrations/${provider.name}`;
  return [
    ...(template.isShipped ? [] : createProviderFiles(template)),
    ...[...shared, ...functions].map((file) => ({ path: `${folder}/${file.path}`, text: file.text })),
    ...functions.flatMap(({ name, recordings }) =>
      createRecordingFiles({ integration: provider.name, name }, recordings),
    ),
  ];
}

/** A recording that was changed, as `tenon test --update` does, is the user's. */
function createRecordingFiles(ref: FunctionRef, recordings: readonly TemplateFile[]): WantedFile[] {
  const { folder } = findRecordingPlace(ref);
  return recordings.map(({ path, text }) => ({ path: `${folder}/${path}`, text, ifDifferent: 'keep' }));
}

/** A project that begins without recordings passes; one that begins with some is not to lose them unnoticed. */
function createTestCommand({ functions }: Template): string {
  return functions.some(({ recordings }) => recordings.length > 0) ? 'tenon test' : 'tenon test --pass-with-none';
}

function createPackageText({ root, version, template }: StarterOptions): string {
  return `${JSON.stringify(
    {
      name: toPackageName(basename(root)),
      private: true,
      type: 'module',
      scripts: {
        dev: 'tenon dev',
        check: 'tenon check',
        test: createTestCommand(template),
        generate: 'tenon generate',
        deploy: 'tenon deploy',
      },
      dependencies: { '@tenon/runtime': `^${version}` },
      devDependencies: { tenon: `^${version}` },
    },
    null,
    2,
  )}\n`;
}

/** npm wants lower-case names of URL-safe characters that start with neither a dot nor a dash. */
function toPackageName(folder: string): string {
  const name = folder
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replaceAll(/^[._-]+|[._-]+$/g, '');
  return name === '' ? 'integrations' : name;
}

function createConfigText(integration: string): string {
  const key = isIdentifierName(integration) ? integration : `'${integration}'`;
  return `import { defineConfig } from '@tenon/runtime';

export default defineConfig({
  integrations: {
    ${key}: { provider: '${integration}' },
  },
});
`;
}

/**
 * `preserve` with bundled resolution is how esbuild reads scripts. The `dom` library brings URL, fetch and AbortSignal
 * without another package to install; scripts that use Node's own modules add @types/node and name it in `types`.
 */
const tsconfigText = `${JSON.stringify(
  {
    compilerOptions: {
      target: 'es2023',
      lib: ['es2023', 'dom', 'dom.iterable'],
      types: [],
      module: 'preserve',
      moduleDetection: 'force',
      allowImportingTsExtensions: true,
      verbatimModuleSyntax: true,
      isolatedModules: true,
      noEmit: true,
      strict: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: true,
    },
    include: ['tenon.config.ts', 'integrations', 'providers'],
  },
  null,
  2,
)}\n`;

const serverText = `# The Tenon server that the CLI and your app talk to. Not needed beside \`tenon dev\` or \`tenon server start\`.
TENON_URL=
# An API key of an environment on that server.
TENON_API_KEY=
`;

function createEnvExample({ provider }: Template): string {
  const { values, url } = describeSetup(provider.name, provider);
  if (values.length === 0) return serverText;
  const where = url === undefined ? '' : ` Registered at ${url}.`;
  const lines = values.map(({ variable, title, isOptional }) => {
    return `# ${title}${isOptional ? ' (optional)' : ''}\n${isOptional ? '# ' : ''}TENON_VAR_${variable}=`;
  });
  return `${serverText}
# What ${provider.displayName} needs before customers can connect, for \`tenon dev\`.${where}
# On another server: \`tenon env set ${values[0]?.variable}\` and the others.
${lines.join('\n')}
`;
}
