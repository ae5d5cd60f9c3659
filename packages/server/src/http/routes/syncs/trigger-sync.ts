import { triggeredRunSchema } from '@tenon/runtime/contract';
import { defineRoute } from '../../route/define-route.ts';
import { syncParamsSchema } from './sync-params.ts';

export const triggerSyncRoute = defineRoute({
  method: 'POST',
  path: '/v1/connections/:integration/:connection/syncs/:sync/trigger',
  summary: 'Runs a sync now, also a paused one. A run that is queued or running already is the answer.',
  tag: 'syncs',
  access: 'key',
  scope: 'syncs:write',
  audit: 'sync.trigger',
  params: syncParamsSchema,
  answer: {
    status: 202,
    description: 'The run; follow it with GET /v1/runs/{id} or the events.',
    schema: triggeredRunSchema,
  },
  errors: ['not_found', 'provider_unauthorized'],
  async handle({ caller, params }, { runs }) {
    const { environmentId } = caller;
    const { run, created } = await runs.triggerSync({ environmentId, ...params, trigger: 'api' });
    return { run, alreadyRunning: !created };
  },
});
