import { isDeepStrictEqual } from 'node:util';
import type { Kysely, Transaction } from 'kysely';
import { TenonError } from '@tenon/runtime/errors';
import type { Deployment, DeploymentSource, Manifest } from '@tenon/runtime/contract';
import type { Schema } from '../database/schema.ts';
import { findManifest } from '../database/queries/find-manifest.ts';
import { activateVersion } from './activate-version.ts';
import { countChanges } from './plan/count-changes.ts';
import { getDeployment, listDeployments } from './list-deployments.ts';
import { planDeployment, type ChangeWithEffect } from './plan/plan-deployment.ts';
import { refuseStale } from './refuse-stale.ts';
import { refuseWhileRollingBack } from './rollback/unfinished-rollback.ts';
import { checkManifest } from './rules/check-manifest.ts';
import { findMissingBundles } from './storage/find-missing-bundles.ts';
import { insertDeployment } from './storage/insert-deployment.ts';
import { lockEnvironment } from './storage/lock-environment.ts';

export interface NewDeployment {
  readonly environmentId: number;
  readonly manifest: Manifest;
  readonly baseVersion: number;
  /** Of the plan; undefined: the version alone is compared. */
  readonly fingerprint?: string | undefined;
  readonly message: string | null;
  readonly externalId?: string | undefined;
  /** Name of the API key. */
  readonly deployedBy?: string | undefined;
  /** Where it was promoted from. */
  readonly source?: DeploymentSource | undefined;
  readonly allowDestructive: boolean;
}

/** What came of it; `changed` is false when the manifest was there already and no version was made. */
export interface DeploymentOutcome {
  readonly deployment: Deployment;
  readonly changed: boolean;
}

/**
 * Keeps a manifest as a new version and makes it active, both or neither. Asked again with the manifest that is
 * active, or with an external id under which the same manifest was deployed, it answers with that version: a deploy
 * whose answer was lost can be repeated.
 * @throws TenonError `definition_invalid`, `plan_stale`, `destructive_refused`, `bundle_missing`, `rename_refused`,
 * `external_id_taken`; `conflict` while records are taken back
 */
export async function createDeployment(database: Kysely<Schema>, request: NewDeployment): Promise<DeploymentOutcome> {
  checkManifest(request.manifest);
  const { environmentId } = request;
  return database.transaction().execute(async (transaction) => {
    const active = await lockEnvironment(transaction, environmentId);
    const after = asStored(request.manifest);
    const same = await findSame(transaction, { request, after, active });
    if (same) return { deployment: same, changed: false };
    await refuseWhileRollingBack(transaction, environmentId);
    await refuseStale(transaction, { ...request, active });
    const before = (await findManifest(transaction, { environmentId, version: active })) ?? null;
    const plan = planDeployment(before, after);
    refuseDestructive(plan.changes, request.allowDestructive);
    await refuseMissingBundles(transaction, after);
    const changes = countChanges(plan.changes.map(({ change }) => change));
    const version = await insertDeployment(transaction, { ...request, manifest: after, changes });
    await activateVersion(transaction, { environmentId, version, previousVersion: active, manifest: after, plan });
    return { deployment: await getDeployment(transaction, { environmentId, version }), changed: true };
  });
}

/** The version that the request asks for, when it is there already. */
async function findSame(
  transaction: Transaction<Schema>,
  { request, after, active }: { request: NewDeployment; after: Manifest; active: number },
): Promise<Deployment | undefined> {
  const { environmentId, externalId } = request;
  const isOf = async (version: number) =>
    isDeepStrictEqual(await findManifest(transaction, { environmentId, version }), after);
  if (externalId !== undefined) {
    const [known] = (await listDeployments(transaction, { environmentId, externalId, limit: 1 })).items;
    if (known && (await isOf(known.version))) return known;
    if (known) throw externalIdTaken(externalId, known);
  }
  if (!(await isOf(active))) return undefined;
  const deployment = await getDeployment(transaction, { environmentId, version: active });
  if (externalId !== undefined && deployment.externalId === null) {
    await transaction
      .updateTable('deployments')
      .set({ external_id: externalId })
      .where('environment_id', '=', environmentId)
      .where('version', '=', active)
      .execute();
    return { ...deployment, externalId };
  }
  return deployment;
}

function externalIdTaken(externalId: string, { version }: Deployment): TenonError {
  return new TenonError(
    'external_id_taken',
    `Version ${version} was deployed as ${externalId}, and it holds something else.`,
    {
      hint: 'Deploy from a clean checkout of that commit, or name this one otherwise (--external-id).',
      details: { externalId, version },
    },
  );
}

/** As jsonb gives it back: without undefined values. */
function asStored(manifest: Manifest): Manifest {
  return JSON.parse(JSON.stringify(manifest)) as Manifest;
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
