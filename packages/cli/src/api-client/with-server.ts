import { findProjectRoot } from '../project/find-project-root.ts';
import { loadConfig } from '../project/load-config.ts';
import type { CommandContext } from '../command-context.ts';
import type { Progress } from '../output/output.ts';
import type { ApiClient } from './api-client.ts';
import { createApiClient } from './create-api-client.ts';
import { requireEnvironment } from './require-environment.ts';
import { resolveTarget, type Target, type TargetFlags } from './resolve-target.ts';
import { TenonError } from '@tenon/runtime/errors';

/** Calls the work with the server that the flags and the surroundings name, and closes its connections afterwards. */
export async function withServer<Result>(
  context: Pick<CommandContext, 'cwd' | 'env' | 'output' | 'signal'>,
  flags: TargetFlags,
  work: (server: ApiClient, target: Target) => Promise<Result>,
): Promise<Result> {
  const projectRoot = findOptionalRoot(context.cwd);
  const loadOwnConfig = async () => loadConfig(projectRoot ?? findProjectRoot(context.cwd));
  const target = await resolveTarget({ flags, env: context.env, projectRoot, loadConfig: loadOwnConfig });
  let waiting: Progress | undefined;
  const server = createApiClient(target, {
    variables: context.env.variables,
    onWait(what) {
      waiting?.stop();
      waiting = what === undefined ? undefined : context.output.progress(what);
    },
  });
  try {
    if (flags.env !== undefined) {
      const { environments } = await loadOwnConfig();
      await requireEnvironment(server, { name: flags.env, environments, signal: context.signal });
    }
    return await work(server, target);
  } finally {
    server.close();
  }
}

function findOptionalRoot(cwd: string): string | undefined {
  try {
    return findProjectRoot(cwd);
  } catch (error) {
    // Commands that only talk to a server work anywhere.
    if (error instanceof TenonError && error.code === 'project_not_found') return undefined;
    throw error;
  }
}
