import { syncStatusSchema } from '@tenon/runtime/contract';
import { defineRoute } from '../../route/define-route.ts';
import { syncParamsSchema } from './sync-params.ts';

export const resumeSyncRoute = defineRoute({
  method: 'POST',
  path: '/v1/connections/:integration/:connection/syncs/:sync/resume',
  summary: 'Lets a paused sync run by its schedule again.',
  tag: 'syncs',
  access: 'key',
  params: syncParamsSchema,
  answer: { status: 200, description: 'The sync.', schema: syncStatusSchema },
  errors: ['not_found'],
  handle: ({ caller, params }, { runs }) =>
    runs.setSyncPaused({ environmentId: caller.environmentId, ...params, paused: false }),
});
