import { TenonError } from '@tenon/runtime/errors';
import type { SyncStatus } from '@tenon/runtime/contract';
import type { AppContext } from '../../app-context.ts';

/** More syncs than an integration may reasonably have. */
const mostSyncs = 1_000;

/** @throws TenonError `not_found` */
export async function getSyncStatus(
  { runs }: Pick<AppContext, 'runs'>,
  { sync, ...address }: { environmentId: number; integration: string; connection: string; sync: string },
): Promise<SyncStatus> {
  const { items } = await runs.listSyncs({ ...address, limit: mostSyncs });
  const found = items.find((one) => one.sync === sync);
  if (found) return found;
  throw new TenonError('not_found', `The connection ${address.connection} has no sync ${sync}.`, {
    hint: 'List the syncs with GET /v1/syncs.',
  });
}
