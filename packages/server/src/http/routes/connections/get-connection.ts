import { connectionSchema } from '@tenon/runtime/contract';
import { findConnection } from '../../../credentials/find-connection.ts';
import { addressOf, connectionParamsSchema } from '../../route/connection-params.ts';
import { defineRoute } from '../../route/define-route.ts';

export const getConnectionRoute = defineRoute({
  method: 'GET',
  path: '/v1/connections/:integration/:connection',
  summary: 'Shows a connection.',
  tag: 'connections',
  access: 'key',
  scope: 'connections:read',
  params: connectionParamsSchema,
  answer: { status: 200, description: 'The connection, without credentials.', schema: connectionSchema },
  errors: ['not_found'],
  handle: async ({ caller, params }, { database }) =>
    (await findConnection(database, addressOf(caller, params))).connection,
});
