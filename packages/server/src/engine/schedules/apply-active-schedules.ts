import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';
import type { Manifests } from '../runs/manifests.ts';
import { readActiveVersion } from '../../database/queries/read-active-version.ts';
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
  if (!(await readActiveVersion(context.database, environmentId))) return;
  // The manifest is loaded before the transaction begins: one that waits for a second connection may wait for itself.
  await context.manifests.useActive(environmentId, ({ version, manifest }) =>
    context.database.transaction().execute(async (transaction) => {
      if ((await lockActiveVersion(transaction, environmentId)) !== version) return undefined;
      const now = new Date(context.now());
      const only = connectionId === undefined ? {} : { connectionId };
      await syncConnectionSchedules(transaction, { environmentId, manifest, now, ...only });
      return true;
    }),
  );
}
