import type { Manifest } from '@tenon/runtime/contract';
import type { ApiClient } from '../api-client/api-client.ts';
import type { CompiledProject } from '../compile/compiled-project.ts';
import { applyDeployment } from '../deploy/apply-deployment.ts';
import { TenonError } from '@tenon/runtime/errors';

export interface WentLive {
  /** Undefined when the server had it all already. */
  readonly version: number | undefined;
  readonly uploaded: number;
}

type DeployingServer = Pick<ApiClient, 'planDeployment' | 'uploadBundle' | 'createDeployment'>;

/**
 * Deploys what was compiled, without asking: the data of a dev server is there to be read again. A plan that another
 * deployment overtook is made once more.
 */
export async function goLive(
  server: DeployingServer,
  compiled: Pick<CompiledProject, 'manifest' | 'bundles'>,
  signal: AbortSignal,
): Promise<WentLive> {
  try {
    return await deployOnce(server, compiled, signal);
  } catch (error) {
    if (error instanceof TenonError && error.code === 'plan_stale') return deployOnce(server, compiled, signal);
    throw error;
  }
}

async function deployOnce(
  server: DeployingServer,
  compiled: { manifest: Manifest; bundles: ReadonlyMap<string, string> },
  signal: AbortSignal,
): Promise<WentLive> {
  const plan = await server.planDeployment(compiled.manifest, { signal });
  if (plan.changes.length === 0) return { version: undefined, uploaded: 0 };
  const { version } = await applyDeployment(server, { compiled, plan, allowDestructive: true, signal });
  return { version, uploaded: plan.missingBundles.length };
}
