import type { Deployment, Page } from '@tenon/runtime/contract';
import type { ApiClient } from '../api-client/api-client.ts';
import type { CommandContext } from '../command-context.ts';
import { checkPlan } from './check-plan.ts';
import type { PreparedDeployment } from './prepare-deployment.ts';
import { readPlanFile } from './read-plan-file.ts';

const none: Pick<Page<Deployment>, 'items'> = { items: [] };

/**
 * Reads a saved plan, and has the server plan the same manifest once more. Compiles nothing.
 * @throws TenonError `plan_stale` when the file or the environment is not what it was; `usage_invalid`
 */
export async function prepareSavedPlan(
  { cwd, signal }: Pick<CommandContext, 'cwd' | 'signal'>,
  server: Pick<ApiClient, 'planDeployment' | 'listDeployments'>,
  path: string,
): Promise<PreparedDeployment> {
  const { plan: saved, manifest, bundles } = await readPlanFile({ cwd, path });
  const current = await server.planDeployment(manifest, { signal });
  const { items } =
    current.baseVersion === saved.baseVersion ? none : await server.listDeployments({ limit: 100, signal });
  checkPlan({ saved, current, active: items.find((one) => one.active) });
  return { compiled: { manifest, bundles: new Map(Object.entries(bundles)) }, plan: current };
}
