import type { Kysely } from 'kysely';
import type { Manifest, Plan } from '@tenon/runtime/contract';
import type { Schema } from '../database/schema.ts';
import { describePlan } from './describe-plan.ts';
import type { ManifestSource } from './manifest-source.ts';
import { checkManifest } from './rules/check-manifest.ts';

/**
 * What a deployment of the manifest would change now. Changes nothing.
 * @throws TenonError `definition_invalid`, `rename_refused`
 */
export async function planAgainstActive(
  { database, manifests }: { database: Kysely<Schema>; manifests: ManifestSource },
  { environmentId, manifest }: { environmentId: number; manifest: Manifest },
): Promise<Plan> {
  checkManifest(manifest);
  const base = await manifests.findActive(environmentId);
  return describePlan(database, { environmentId, base, after: manifest });
}
