import type { Plan } from '@tenon/runtime/contract';
import type { ApiClient } from '../api-client/api-client.ts';
import type { CommandContext } from '../command-context.ts';
import { compileProject } from '../compile/compile-project.ts';
import type { CompiledProject } from '../compile/compiled-project.ts';
import { loadProject } from '../project/load-project.ts';
import { requireLints } from './require-lints.ts';
import { requireTypes } from './require-types.ts';

export interface PreparedDeployment {
  readonly compiled: Pick<CompiledProject, 'manifest' | 'bundles'>;
  readonly plan: Plan;
}

/**
 * Compiles the project and asks the server what a deployment would change. Changes nothing anywhere.
 * @throws TenonError of loading, type-checking and compiling the project, and of calling the server
 */
export async function prepareDeployment(
  { cwd, output, signal }: Pick<CommandContext, 'cwd' | 'output' | 'signal'>,
  server: Pick<ApiClient, 'planDeployment'>,
): Promise<PreparedDeployment> {
  const progress = output.progress('Compiling');
  try {
    const project = await loadProject(cwd);
    const [compiled] = await Promise.all([
      compileProject(project, { signal }),
      requireTypes(project, signal),
      requireLints(project, signal),
    ]);
    progress.update('Planning');
    return { compiled, plan: await server.planDeployment(compiled.manifest, { signal }) };
  } finally {
    progress.stop();
  }
}
