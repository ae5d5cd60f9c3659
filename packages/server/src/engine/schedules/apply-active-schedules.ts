import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';
import type { Manifests } from '../runs/manifests.ts';
import { lockActiveVersion } from './queries/lock-active-version.ts';
import { syncConnectionSchedules } from './sync-connection-schedules.ts';

/**
 * Gives the connections of an environment (or the one) the schedules of its active version. The environment is locked
 * meanwhile, so that of two deployments at once the later one's schedules stay. Does nothing when nothing is deployed.
 */
export async function applyActiveSchedules(
  context: { database: Kysely<Schema>; manifests: Manifests; now(): number },
  { environmentId, connectionId }: { environmentId: number; connectionId?: number },
): Promise<void> {
  await context.database.transaction().execute(async (transaction) => {
    const version = await lockActiveVersion(transaction, environmentId);
    if (!version) return;
    const { manifest } = await context.manifests.load(environmentId, version);
    const now = new Date(context.now());
    const only = connectionId === undefined ? {} : { connectionId };
    await syncConnectionSchedules(transaction, { environmentId, manifest, now, ...only });
  });
}
