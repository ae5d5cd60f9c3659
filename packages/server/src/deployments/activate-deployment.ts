import type { Kysely } from 'kysely';
import type { Schema } from '../database/schema.ts';
import { findManifest } from '../database/queries/find-manifest.ts';
import { activateVersion } from './activate-version.ts';
import type { DeploymentOutcome } from './create-deployment.ts';
import { getDeployment } from './list-deployments.ts';
import { planDeployment } from './plan/plan-deployment.ts';
import { refuseStale } from './refuse-stale.ts';
import { refuseWhileRollingBack } from './rollback/unfinished-rollback.ts';
import { lockEnvironment } from './storage/lock-environment.ts';
import { versionMissing } from './version-missing.ts';

/**
 * Makes an existing version active: how a deployment is rolled back. It needs no permission for what it removes,
 * for nothing of the version before is lost: activating that one again brings it back.
 * @param options.baseVersion what its plan was made against; undefined: whatever is active
 * @throws TenonError `not_found`, `plan_stale`, `rename_refused`; `conflict` while records are taken back
 */
export async function activateDeployment(
  database: Kysely<Schema>,
  { environmentId, version, baseVersion }: { environmentId: number; version: number; baseVersion?: number },
): Promise<DeploymentOutcome> {
  return database.transaction().execute(async (transaction) => {
    const active = await lockEnvironment(transaction, environmentId);
    const manifest = await findManifest(transaction, { environmentId, version });
    if (!manifest) throw versionMissing(version);
    const changed = active !== version;
    if (changed) {
      await refuseWhileRollingBack(transaction, environmentId);
      if (baseVersion !== undefined) await refuseStale(transaction, { environmentId, baseVersion, active });
      const before = (await findManifest(transaction, { environmentId, version: active })) ?? null;
      const plan = planDeployment(before, manifest);
      await activateVersion(transaction, { environmentId, version, previousVersion: active, manifest, plan });
    }
    return { deployment: await getDeployment(transaction, { environmentId, version }), changed };
  });
}
