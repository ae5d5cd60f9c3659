import { findProjectRoot } from '../project/find-project-root.ts';
import { loadConfig } from '../project/load-config.ts';
import type { CommandContext } from '../command-context.ts';
import type { ApiClient } from './api-client.ts';
import { loginCommand } from '../profiles/key-expiry.ts';
import { openProfileStore } from '../profiles/profile-store.ts';
import { createApiClient } from './create-api-client.ts';
import { resolveTarget, type Target, type TargetFlags } from './resolve-target.ts';
import { TenonError } from '@tenon/runtime/errors';

/** Calls the work with the server that the flags and the surroundings name, and closes its connections afterwards. */
export async function withServer<Result>(
  context: Pick<CommandContext, 'cwd' | 'env'>,
  flags: TargetFlags,
  work: (server: ApiClient, target: Target) => Promise<Result>,
): Promise<Result> {
  const projectRoot = findOptionalRoot(context.cwd);
  const target = await resolveTarget({
    flags,
    env: context.env,
    projectRoot,
    loadConfig: async () => loadConfig(projectRoot ?? findProjectRoot(context.cwd)),
    profiles: openProfileStore(context.env.variables),
  });
  const server = createApiClient(target);
  try {
    return await work(server, target);
  } catch (error) {
    throw explainRefusal(error, target);
  } finally {
    server.close();
  }
}

/** Which command mends a key that the server does not take any more. */
function explainRefusal(error: unknown, { profile, url }: Target): unknown {
  if (!(error instanceof TenonError) || error.code !== 'unauthorized' || profile === undefined) return error;
  return new TenonError(
    'unauthorized',
    `${url} refuses the key of the profile ${profile}: it expired or was revoked.`,
    {
      hint: `Run \`${loginCommand({ name: profile, url })}\`.`,
      cause: error,
      ...(error.details && { details: error.details }),
    },
  );
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
