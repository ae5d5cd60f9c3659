import type { Deployment, DeploymentSource, Plan } from '@tenon/runtime/contract';
import type { ApiClient } from '../api-client/api-client.ts';
import type { CompiledProject } from '../compile/compiled-project.ts';
import { uploadBundles } from './upload-bundles.ts';

export interface DeploymentToApply {
  readonly compiled: Pick<CompiledProject, 'manifest' | 'bundles'>;
  readonly plan: Plan;
  readonly message?: string | undefined;
  /** Such as the commit. */
  readonly externalId?: string | undefined;
  /** Where it is promoted from. */
  readonly source?: DeploymentSource | undefined;
  readonly allowDestructive?: boolean | undefined;
  readonly signal?: AbortSignal;
  readonly onUploaded?: (done: number) => void;
}

/**
 * Uploads the bundles that the plan misses, then activates the new version in one step.
 * @throws TenonError `plan_stale` when another deployment came between, `destructive_refused`
 */
export async function applyDeployment(
  server: Pick<ApiClient, 'uploadBundle' | 'createDeployment'>,
  { compiled, plan, message, externalId, source, allowDestructive, signal, onUploaded }: DeploymentToApply,
): Promise<Deployment> {
  const limits = signal ? { signal } : {};
  await uploadBundles(server, {
    hashes: plan.missingBundles,
    bundles: compiled.bundles,
    ...limits,
    ...(onUploaded && { onUploaded }),
  });
  return server.createDeployment(
    {
      manifest: compiled.manifest,
      baseVersion: plan.baseVersion,
      fingerprint: plan.fingerprint,
      ...(message !== undefined && { message }),
      ...(externalId !== undefined && { externalId }),
      ...(source && { source }),
      allowDestructive: allowDestructive ?? false,
    },
    limits,
  );
}
