import { triggeredRunSchema } from '@tenon/runtime/contract';
import { defineRoute } from '../../route/define-route.ts';
import { syncParamsSchema } from './sync-params.ts';

export const replayQuarantineRoute = defineRoute({
  method: 'POST',
  path: '/v1/connections/:integration/:connection/syncs/:sync/replay',
  summary: 'Tries the quarantined records of a sync again, through its models as they are now.',
  tag: 'syncs',
  access: 'key',
  scope: 'records:write',
  audit: 'sync.replay',
  params: syncParamsSchema,
  answer: {
    status: 202,
    description: 'The run; follow it with GET /v1/runs/{id} or the events.',
    schema: triggeredRunSchema,
  },
  errors: ['not_found', 'provider_unauthorized'],
  async handle({ caller, params }, { runs }) {
    const { run, created } = await runs.replayQuarantine({ environmentId: caller.environmentId, ...params });
    return { run, alreadyRunning: !created };
  },
});
