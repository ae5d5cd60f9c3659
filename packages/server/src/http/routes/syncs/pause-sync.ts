import { syncStatusSchema } from '@tenon/runtime/contract';
import { defineRoute } from '../../route/define-route.ts';
import { getSyncStatus } from './get-sync-status.ts';
import { syncParamsSchema } from './sync-params.ts';

export const pauseSyncRoute = defineRoute({
  method: 'POST',
  path: '/v1/connections/:integration/:connection/syncs/:sync/pause',
  summary: 'Stops a sync from being run by its schedule. A run in flight goes on.',
  tag: 'syncs',
  access: 'key',
  scope: 'syncs:write',
  audit: 'sync.pause',
  params: syncParamsSchema,
  answer: { status: 200, description: 'The sync.', schema: syncStatusSchema },
  errors: ['not_found'],
  async handle({ caller, params }, { runs }) {
    const address = { environmentId: caller.environmentId, ...params };
    await runs.setSyncPaused({ ...address, paused: true });
    return getSyncStatus({ runs }, address);
  },
});
