import { pageOf, pageQuerySchema, syncStateSchema } from '@tenon/runtime/contract';
import { defineRoute } from '../../route/define-route.ts';
import { syncParamsSchema } from './sync-params.ts';

export const listSyncStatesRoute = defineRoute({
  method: 'GET',
  path: '/v1/connections/:integration/:connection/syncs/:sync/states',
  summary: 'Lists what a sync remembers, of itself and of each partition: cursor, checkpoint, and what failed last.',
  tag: 'syncs',
  access: 'key',
  scope: 'syncs:read',
  params: syncParamsSchema,
  query: pageQuerySchema,
  answer: { status: 200, description: 'States, ordered by partition.', schema: pageOf(syncStateSchema) },
  errors: ['not_found'],
  handle: ({ caller, params, query }, { runs }) =>
    runs.listSyncStates({ environmentId: caller.environmentId, ...params, ...query }),
});
