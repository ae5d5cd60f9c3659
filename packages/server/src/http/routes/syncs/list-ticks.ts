import { pageOf, pageQuerySchema, tickSchema } from '@tenon/runtime/contract';
import { defineRoute } from '../../route/define-route.ts';
import { syncParamsSchema } from './sync-params.ts';

export const listTicksRoute = defineRoute({
  method: 'GET',
  path: '/v1/connections/:integration/:connection/syncs/:sync/ticks',
  summary: 'Lists the times at which a sync was due, the latest first: when it ran, and when not and why.',
  tag: 'syncs',
  access: 'key',
  scope: 'syncs:read',
  params: syncParamsSchema,
  query: pageQuerySchema,
  answer: { status: 200, description: 'Ticks.', schema: pageOf(tickSchema) },
  errors: ['not_found'],
  handle: ({ caller, params, query }, { runs }) =>
    runs.listTicks({ environmentId: caller.environmentId, ...params, ...query }),
});
