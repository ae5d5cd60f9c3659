import type { Transaction } from 'kysely';
import type { Manifest } from '@tenon/runtime/contract';
import type { Schema } from '../database/schema.ts';
import { syncConnectionSchedules } from '../engine/schedules/sync-connection-schedules.ts';
import { applyViews } from '../records/views/apply-views.ts';
import type { DeploymentPlan } from './plan/plan-deployment.ts';
import { applyRenames } from './storage/apply-renames.ts';
import { noteActivation } from './storage/note-activation.ts';
import { resetCursors } from './storage/reset-cursors.ts';
import { setActiveVersion } from './storage/set-active-version.ts';

export interface VersionToActivate {
  readonly environmentId: number;
  readonly version: number;
  /** 0: nothing was. */
  readonly previousVersion: number;
  readonly manifest: Manifest;
  readonly plan: DeploymentPlan;
}

/**
 * Makes a version active: notes where everything stood, gives what is stored its new names, its syncs their schedules
 * and its models their views, and lets those whose records it changes read again. The environment's row must be locked.
 */
export async function activateVersion(
  transaction: Transaction<Schema>,
  { environmentId, version, previousVersion, manifest, plan }: VersionToActivate,
): Promise<void> {
  await noteActivation(transaction, { environmentId, version, previousVersion });
  await setActiveVersion(transaction, { environmentId, version, manifest });
  await applyRenames(transaction, { environmentId, version, renames: plan.renames });
  for (const { change, resync } of plan.changes) {
    if (resync) await resetCursors(transaction, { environmentId, integration: change.integration, sync: change.name });
  }
  await syncConnectionSchedules(transaction, { environmentId, manifest });
  await applyViews(transaction, { environmentId, manifest });
}
