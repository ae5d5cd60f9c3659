import { connectionIdSchema, nameSchema, pageOf, pageQuerySchema, syncStatusSchema } from '@tenon/runtime/contract';
import { defineRoute } from '../../route/define-route.ts';

export const listSyncsRoute = defineRoute({
  method: 'GET',
  path: '/v1/syncs',
  summary: 'Lists the syncs of connections with their schedules and last runs.',
  tag: 'syncs',
  access: 'key',
  scope: 'syncs:read',
  query: pageQuerySchema.extend({ integration: nameSchema.optional(), connection: connectionIdSchema.optional() }),
  answer: { status: 200, description: 'Syncs.', schema: pageOf(syncStatusSchema) },
  errors: [],
  handle: ({ caller, query }, { runs }) => runs.listSyncs({ environmentId: caller.environmentId, ...query }),
});
