import { isDeepStrictEqual } from 'node:util';
import type { Kysely, Transaction } from 'kysely';
import { TenonError } from '@tenon/runtime/errors';
import type { Deployment, Manifest } from '@tenon/runtime/contract';
import type { Schema } from '../database/schema.ts';
import { syncConnectionSchedules } from '../engine/schedules/sync-connection-schedules.ts';
import { getDeployment } from './list-deployments.ts';
import { planDeployment, type ChangeWithEffect } from './plan/plan-deployment.ts';
import { checkManifest } from './rules/check-manifest.ts';
import { findManifest } from '../database/queries/find-manifest.ts';
import { findMissingBundles } from './storage/find-missing-bundles.ts';
import { insertDeployment } from './storage/insert-deployment.ts';
import { lockEnvironment } from './storage/lock-environment.ts';
import { resetCursors } from './storage/reset-cursors.ts';
import { setActiveVersion } from './storage/set-active-version.ts';

export interface NewDeployment {
  readonly environmentId: number;
  readonly manifest: Manifest;
  readonly baseVersion: number;
  readonly message: string | null;
  readonly allowDestructive: boolean;
}

/** What came of it; `changed` is false when the manifest was active already and no version was made. */
export interface DeploymentOutcome {
  readonly deployment: Deployment;
  readonly changed: boolean;
}

/**
 * Keeps a manifest as a new version and makes it active, both or neither. Asked again with the manifest that is
 * active, it answers with that version: a deploy whose answer was lost can be repeated.
 * @throws TenonError `definition_invalid`, `plan_stale`, `destructive_refused`, `bundle_missing`
 */
export async function createDeployment(database: Kysely<Schema>, request: NewDeployment): Promise<DeploymentOutcome> {
  checkManifest(request.manifest);
  const { environmentId } = request;
  return database.transaction().execute(async (transaction) => {
    const active = await lockEnvironment(transaction, environmentId);
    const before = (await findManifest(transaction, { environmentId, version: active })) ?? null;
    const after = asStored(request.manifest);
    if (isDeepStrictEqual(before, after)) {
      return { deployment: await getDeployment(transaction, { environmentId, version: active }), changed: false };
    }
    refuseStale(request.baseVersion, active);
    const changes = planDeployment(before, after);
    refuseDestructive(changes, request.allowDestructive);
    await refuseMissingBundles(transaction, after);
    const version = await insertDeployment(transaction, { ...request, manifest: after });
    await activateWith(transaction, { environmentId, version, manifest: after, changes });
    return { deployment: await getDeployment(transaction, { environmentId, version }), changed: true };
  });
}

/** Makes a version active, gives its syncs their schedules, and lets those whose records it changes read again. */
export async function activateWith(
  transaction: Transaction<Schema>,
  options: { environmentId: number; version: number; manifest: Manifest; changes: readonly ChangeWithEffect[] },
): Promise<void> {
  const { environmentId, version, manifest, changes } = options;
  await setActiveVersion(transaction, { environmentId, version, manifest });
  for (const { change, resync } of changes) {
    if (resync) await resetCursors(transaction, { environmentId, integration: change.integration, sync: change.name });
  }
  await syncConnectionSchedules(transaction, { environmentId, manifest });
}

/** As jsonb gives it back: without undefined values. */
function asStored(manifest: Manifest): Manifest {
  return JSON.parse(JSON.stringify(manifest)) as Manifest;
}

function refuseStale(baseVersion: number, active: number): void {
  if (baseVersion === active) return;
  throw new TenonError(
    'plan_stale',
    `The plan was made against version ${baseVersion}; version ${active} is active now.`,
    {
      hint: 'Plan again, look at what changed, and deploy that plan.',
      details: { baseVersion, activeVersion: active },
    },
  );
}

function refuseDestructive(changes: readonly ChangeWithEffect[], allowed: boolean): void {
  const destructive = changes.map(({ change }) => change).filter((change) => change.class === 'destructive');
  if (allowed || destructive.length === 0) return;
  const names = destructive.map(({ kind, integration, name }) =>
    kind === 'integration' ? `integration ${name}` : `${kind} ${integration}/${name}`,
  );
  throw new TenonError('destructive_refused', `This deployment would take away ${names.join(', ')}.`, {
    hint: 'Deploy with --allow-destructive (allowDestructive: true) if that is meant.',
    details: { changes: destructive },
  });
}

async function refuseMissingBundles(transaction: Transaction<Schema>, manifest: Manifest): Promise<void> {
  const missing = await findMissingBundles(transaction, manifest);
  if (missing.length === 0) return;
  throw new TenonError('bundle_missing', `${missing.length} of the manifest's bundles were not uploaded.`, {
    hint: 'Upload them with PUT /v1/bundles/<hash>, then deploy again.',
    details: { missing },
  });
}
