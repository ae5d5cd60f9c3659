import { syncStatusSchema } from '@tenon/runtime/contract';
import { setSyncPaused } from '../../../engine/schedules/set-sync-paused.ts';
import { defineRoute } from '../../route/define-route.ts';
import { getSyncStatus } from './list-sync-statuses.ts';
import { syncParamsSchema } from './sync-params.ts';

export const pauseSyncRoute = defineRoute({
  method: 'POST',
  path: '/v1/connections/:integration/:connection/syncs/:sync/pause',
  summary: 'Stops a sync from being run by its schedule. A run in flight goes on.',
  tag: 'syncs',
  access: 'key',
  params: syncParamsSchema,
  answer: { status: 200, description: 'The sync.', schema: syncStatusSchema },
  errors: ['not_found'],
  async handle({ caller, params }, { database, connections }) {
    const address = { environmentId: caller.environmentId, ...params };
    await setSyncPaused(database, { ...address, paused: true });
    return getSyncStatus({ database, manifests: connections.manifests }, address);
  },
});
