import { connectionSchema, nameSchema, pageOf, pageQuerySchema } from '@tenon/runtime/contract';
import { listConnections } from '../../../credentials/list-connections.ts';
import { defineRoute } from '../../route/define-route.ts';

export const listConnectionsRoute = defineRoute({
  method: 'GET',
  path: '/v1/connections',
  summary: 'Lists connections, oldest first.',
  tag: 'connections',
  access: 'key',
  scope: 'connections:read',
  query: pageQuerySchema.extend({ integration: nameSchema.optional() }),
  answer: { status: 200, description: 'Connections, without credentials.', schema: pageOf(connectionSchema) },
  errors: [],
  handle: ({ caller, query }, { database }) =>
    listConnections(database, { environmentId: caller.environmentId, ...query }),
});
