import { triggeredRunSchema } from '@tenon/runtime/contract';
import { defineRoute } from '../../route/define-route.ts';
import { syncParamsSchema } from '../syncs/sync-params.ts';

export const replayQuarantineRoute = defineRoute({
  method: 'POST',
  path: '/v1/connections/:integration/:connection/syncs/:sync/replay',
  summary: 'Saves what a sync has in quarantine once more, through its models as they are now.',
  tag: 'records',
  access: 'key',
  scope: 'records:write',
  audit: 'sync.replay',
  params: syncParamsSchema,
  answer: {
    status: 202,
    description: 'The run; follow it with GET /v1/runs/{id} or the events.',
    schema: triggeredRunSchema,
  },
  errors: ['not_found'],
  async handle({ caller, params }, { runs }) {
    const run = await runs.replayQuarantine({ environmentId: caller.environmentId, ...params });
    return { run, alreadyRunning: false };
  },
});
