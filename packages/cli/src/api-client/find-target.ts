import { TenonError } from '@tenon/runtime/errors';
import type { CommandContext } from '../command-context.ts';
import { openProfileStore } from '../profiles/profile-store.ts';
import { findProjectRoot } from '../project/find-project-root.ts';
import { loadConfig } from '../project/load-config.ts';
import { resolveTarget, type Target, type TargetFlags } from './resolve-target.ts';

/**
 * The server that the flags and the surroundings name; the config is loaded only where it is asked for.
 * @throws TenonError as resolveTarget does
 */
export function findTarget(context: Pick<CommandContext, 'cwd' | 'env'>, flags: TargetFlags): Promise<Target> {
  const projectRoot = findOptionalRoot(context.cwd);
  return resolveTarget({
    flags,
    env: context.env,
    projectRoot,
    loadConfig: async () => loadConfig(projectRoot ?? findProjectRoot(context.cwd)),
    profiles: openProfileStore(context.env.variables),
  });
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
