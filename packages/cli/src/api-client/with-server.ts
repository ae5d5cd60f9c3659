import { TenonError } from '@tenon/runtime/errors';
import type { CommandContext } from '../command-context.ts';
import { loginCommand } from '../profiles/key-expiry.ts';
import type { Progress } from '../output/output.ts';
import { findProjectRoot } from '../project/find-project-root.ts';
import { loadConfig } from '../project/load-config.ts';
import type { ApiClient } from './api-client.ts';
import { createApiClient } from './create-api-client.ts';
import { findTarget } from './find-target.ts';
import { requireEnvironment } from './require-environment.ts';
import type { Target, TargetFlags } from './resolve-target.ts';

/** Calls the work with the server that the flags and the surroundings name, and closes its connections afterwards. */
export async function withServer<Result>(
  context: Pick<CommandContext, 'cwd' | 'env' | 'output' | 'signal'>,
  flags: TargetFlags,
  work: (server: ApiClient, target: Target) => Promise<Result>,
): Promise<Result> {
  const target = await findTarget(context, flags);
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
      const { environments } = await loadConfig(findProjectRoot(context.cwd));
      await requireEnvironment(server, { name: flags.env, environments, signal: context.signal });
    }
    return await work(server, target);
  } catch (error) {
    throw explainRefusal(error, target);
  } finally {
    server.close();
  }
}

const refusals: ReadonlySet<string> = new Set(['unauthorized', 'key_expired', 'key_revoked']);

/** Which command mends a key that the server does not take any more. */
function explainRefusal(error: unknown, { profile, url }: Target): unknown {
  if (!(error instanceof TenonError) || profile === undefined || !refusals.has(error.code)) return error;
  return new TenonError(
    error.code,
    `${url} refuses the key of the profile ${profile}: it has expired or was revoked.`,
    {
      hint: `Run \`${loginCommand({ name: profile, url })}\`.`,
      cause: error,
      ...(error.details && { details: error.details }),
    },
  );
}
