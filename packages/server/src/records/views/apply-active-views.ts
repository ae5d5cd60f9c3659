import type { Kysely } from 'kysely';
import { findManifest } from '../../database/queries/find-manifest.ts';
import type { Schema } from '../../database/schema.ts';
import { lockEnvironment } from '../../deployments/storage/lock-environment.ts';
import { applyViews } from './apply-views.ts';

/** Gives an environment the views of its active version, which a server from before views deployed. */
export async function applyActiveViews(database: Kysely<Schema>, environmentId: number): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    const version = await lockEnvironment(transaction, environmentId);
    const manifest = await findManifest(transaction, { environmentId, version });
    if (manifest) await applyViews(transaction, { environmentId, manifest });
  });
}
