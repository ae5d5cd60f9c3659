import type { Kysely } from 'kysely';
import type { Manifest, Plan } from '@tenon/runtime/contract';
import type { Schema } from '../database/schema.ts';
import type { ManifestSource } from './manifest-source.ts';
import { planDeployment } from './plan/plan-deployment.ts';
import { checkManifest } from './rules/check-manifest.ts';
import { findMissingBundles } from './storage/find-missing-bundles.ts';

/**
 * What a deployment of the manifest would change now. Changes nothing.
 * @throws TenonError `definition_invalid`
 */
export async function planAgainstActive(
  { database, manifests }: { database: Kysely<Schema>; manifests: ManifestSource },
  { environmentId, manifest }: { environmentId: number; manifest: Manifest },
): Promise<Plan> {
  checkManifest(manifest);
  const active = await manifests.findActive(environmentId);
  return {
    baseVersion: active?.version ?? 0,
    changes: planDeployment(active?.manifest ?? null, manifest).map(({ change }) => change),
    missingBundles: await findMissingBundles(database, manifest),
  };
}
