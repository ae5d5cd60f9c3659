import { deleteConnection } from '../../../credentials/delete-connection.ts';
import { addressOf, connectionParamsSchema } from '../../route/connection-params.ts';
import { defineRoute } from '../../route/define-route.ts';

export const deleteConnectionRoute = defineRoute({
  method: 'DELETE',
  path: '/v1/connections/:integration/:connection',
  summary: 'Deletes a connection with its credentials, records and runs, and ends its token at the provider.',
  tag: 'connections',
  access: 'key',
  scope: 'connections:write',
  audit: 'connection.delete',
  params: connectionParamsSchema,
  answer: { status: 204, description: 'It is gone.' },
  errors: ['not_found'],
  handle: ({ caller, params }, { connections }) => deleteConnection(connections, addressOf(caller, params)),
});
