import { connectionTestSchema } from '@tenon/runtime/contract';
import { testConnection } from '../../../credentials/test-connection.ts';
import { addressOf, connectionParamsSchema } from '../../route/connection-params.ts';
import { defineRoute } from '../../route/define-route.ts';

export const testConnectionRoute = defineRoute({
  method: 'POST',
  path: '/v1/connections/:integration/:connection/test',
  summary: "Tries a connection: its token, and the provider's verification request.",
  tag: 'connections',
  access: 'key',
  scope: 'connections:write',
  audit: 'connection.test',
  params: connectionParamsSchema,
  answer: { status: 200, description: 'Whether it works, and what is wrong if not.', schema: connectionTestSchema },
  errors: ['not_found'],
  handle: ({ caller, params, signal }, { connections }) =>
    testConnection(connections, { address: addressOf(caller, params), signal }),
});
