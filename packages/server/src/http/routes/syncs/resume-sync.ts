import { syncStatusSchema } from '@tenon/runtime/contract';
import { defineRoute } from '../../route/define-route.ts';
import { getSyncStatus } from './get-sync-status.ts';
import { syncParamsSchema } from './sync-params.ts';

export const resumeSyncRoute = defineRoute({
  method: 'POST',
  path: '/v1/connections/:integration/:connection/syncs/:sync/resume',
  summary: 'Lets a paused sync run by its schedule again.',
  tag: 'syncs',
  access: 'key',
  scope: 'syncs:write',
  audit: 'sync.resume',
  params: syncParamsSchema,
  answer: { status: 200, description: 'The sync.', schema: syncStatusSchema },
  errors: ['not_found'],
  async handle({ caller, params }, { runs }) {
    const address = { environmentId: caller.environmentId, ...params };
    await runs.setSyncPaused({ ...address, paused: false });
    return getSyncStatus({ runs }, address);
  },
});
