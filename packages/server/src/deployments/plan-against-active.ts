import type { Kysely } from 'kysely';
import type { Manifest, Plan, PlannedChange } from '@tenon/runtime/contract';
import type { Schema } from '../database/schema.ts';
import { integrationScopes } from './integration-scopes.ts';
import type { ManifestSource } from './manifest-source.ts';
import { planDeployment } from './plan/plan-deployment.ts';
import { checkManifest } from './rules/check-manifest.ts';
import { countConnectionsWithoutScopes } from './storage/count-connections-without-scopes.ts';
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
  const planned = planDeployment(active?.manifest ?? null, manifest).map(({ change }) => change);
  const describe = (change: PlannedChange) =>
    active ? withConsents(database, { environmentId, before: active.manifest, after: manifest, change }) : change;
  return {
    baseVersion: active?.version ?? 0,
    changes: await Promise.all(planned.map(describe)),
    missingBundles: await findMissingBundles(database, manifest),
  };
}

/** Says how many customers have to consent again before an integration's new scopes are theirs. */
async function withConsents(
  database: Kysely<Schema>,
  { environmentId, before, after, change }: PlannedIntegration,
): Promise<PlannedChange> {
  const { kind, action, integration } = change;
  if (kind !== 'integration' || action !== 'update') return change;
  const known = integrationScopes(before, integration);
  const scopes = integrationScopes(after, integration).filter((scope) => !known.includes(scope));
  if (scopes.length === 0) return change;
  const count = await countConnectionsWithoutScopes(database, { environmentId, integration, scopes });
  if (count === 0) return change;
  const reason = `${count === 1 ? '1 connection' : `${count} connections`} must consent again`;
  return { ...change, reasons: [...change.reasons, reason] };
}

interface PlannedIntegration {
  readonly environmentId: number;
  readonly before: Manifest;
  readonly after: Manifest;
  readonly change: PlannedChange;
}
