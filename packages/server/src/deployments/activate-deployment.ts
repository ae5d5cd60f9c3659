import type { Kysely } from 'kysely';
import { TenonError } from '@tenon/runtime/errors';
import type { Schema } from '../database/schema.ts';
import { activateWith, type DeploymentOutcome } from './create-deployment.ts';
import { getDeployment } from './list-deployments.ts';
import { planDeployment } from './plan/plan-deployment.ts';
import { findManifest } from '../database/queries/find-manifest.ts';
import { lockEnvironment } from './storage/lock-environment.ts';

/**
 * Makes an existing version active: how a deployment is rolled back. It needs no permission for what it removes,
 * for nothing of the version before is lost: activating that one again brings it back.
 * @throws TenonError `not_found`
 */
export async function activateDeployment(
  database: Kysely<Schema>,
  { environmentId, version }: { environmentId: number; version: number },
): Promise<DeploymentOutcome> {
  return database.transaction().execute(async (transaction) => {
    const active = await lockEnvironment(transaction, environmentId);
    const manifest = await findManifest(transaction, { environmentId, version });
    if (!manifest) {
      throw new TenonError('not_found', `There is no version ${version} in this environment.`, {
        hint: 'List the versions with `tenon versions` (GET /v1/deployments).',
      });
    }
    const before = (await findManifest(transaction, { environmentId, version: active })) ?? null;
    const changed = active !== version;
    if (changed) {
      const changes = planDeployment(before, manifest);
      await activateWith(transaction, { environmentId, version, manifest, changes });
    }
    return { deployment: await getDeployment(transaction, { environmentId, version }), changed };
  });
}
