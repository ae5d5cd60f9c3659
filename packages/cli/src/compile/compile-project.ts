import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  manifestSchema,
  type FunctionManifest,
  type IntegrationManifest,
  type Manifest,
  type ProviderHooksManifest,
} from '@tenon/runtime/contract';
import type { Project, ProjectIntegration } from '../project/project.ts';
import type { CompiledProject } from './compiled-project.ts';
import { createBundler, type BundledHooks } from './create-bundler.ts';
import { createDefinitionReader } from './evaluate-definitions.ts';
import { createHooksReader } from './read-hooks.ts';

/** Compiles one project again and again: incremental bundles, and only changed ones are evaluated. */
export interface Compiler {
  /**
   * @throws TenonError `bundle_failed`, `native_module`, `definition_invalid`, `definition_missing_export`,
   *   `definition_duplicate`; the signal's reason when it is aborted
   */
  compile(options?: { signal?: AbortSignal }): Promise<CompiledProject>;
  dispose(): Promise<void>;
}

/** Prepares compiling the scripts that the project has now; when scripts come or go, make a new compiler. */
export async function createCompiler(project: Project): Promise<Compiler> {
  const [bundler, reader, readHooks, runtimeVersion] = await Promise.all([
    createBundler(project),
    createDefinitionReader(),
    createHooksReader(),
    readRuntimeVersion(),
  ]);
  const isOwn = ({ file }: BundledHooks) => file.root === project.root;
  return {
    async compile(options) {
      const started = performance.now();
      const { scripts, hooks } = await bundler.rebuild(options);
      const bundled = performance.now();
      const functions = await reader.read(scripts);
      const providerHooks = await readHooks(hooks);
      return {
        manifest: buildManifest(project, { functions, providerHooks, runtimeVersion }),
        bundles: new Map([...scripts, ...hooks].map(({ hash, code }) => [hash, code])),
        sources: new Set([...scripts, ...hooks.filter(isOwn)].flatMap(({ sources }) => sources)),
        timings: { bundleMs: bundled - started, definitionsMs: performance.now() - bundled },
      };
    },
    dispose: () => bundler.dispose(),
  };
}

/** Compiles once: bundles every script and reads what it declares. Types are checked by `checkTypes`. */
export async function compileProject(project: Project, options?: { signal?: AbortSignal }): Promise<CompiledProject> {
  const compiler = await createCompiler(project);
  try {
    return await compiler.compile(options);
  } finally {
    await compiler.dispose();
  }
}

function buildManifest(
  project: Project,
  {
    functions,
    providerHooks,
    runtimeVersion,
  }: { functions: FunctionManifest[]; providerHooks: ProviderHooksManifest[]; runtimeVersion: string },
): Manifest {
  const providers = new Map(project.integrations.map(({ provider }) => [provider.name, provider]));
  return manifestSchema.parse({
    formatVersion: 1,
    runtimeVersion,
    integrations: project.integrations.map((integration) => describeIntegration(project, integration)),
    connect: project.config.connect,
    concurrency: project.config.concurrency,
    providers: [...providers.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    providerHooks,
    functions,
  });
}

/** What the code says of an integration; a plain text is a value, and what is left out the server reads from variables. */
function describeIntegration({ config }: Project, { name, provider }: ProjectIntegration): IntegrationManifest {
  const {
    values = {},
    scopes,
    authorizationParameters = {},
    concurrency,
    connectionConcurrency,
    renamedFrom,
  } = config.integrations[name] ?? {};
  return {
    name,
    provider: provider.name,
    values: Object.fromEntries(
      Object.entries(values).map(([field, value]) => [field, typeof value === 'string' ? { value } : value]),
    ),
    ...(scopes && { scopes }),
    authorizationParameters,
    ...(concurrency !== undefined && { concurrency }),
    ...(connectionConcurrency !== undefined && { connectionConcurrency }),
    ...(renamedFrom !== undefined && { renamedFrom }),
  };
}

async function readRuntimeVersion(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@tenon/runtime');
  const { version } = JSON.parse(await readFile(join(dirname(entry), '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
