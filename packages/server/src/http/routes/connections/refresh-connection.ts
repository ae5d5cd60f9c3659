import { connectionSchema } from '@tenon/runtime/contract';
import { refreshConnection } from '../../../credentials/refresh-connection.ts';
import { addressOf, connectionParamsSchema } from '../../route/connection-params.ts';
import { defineRoute } from '../../route/define-route.ts';

export const refreshConnectionRoute = defineRoute({
  method: 'POST',
  path: '/v1/connections/:integration/:connection/refresh',
  summary: "Renews a connection's token now, also one that is good still or was revoked.",
  tag: 'connections',
  access: 'key',
  scope: 'connections:write',
  audit: 'connection.refresh',
  params: connectionParamsSchema,
  answer: { status: 200, description: 'The connection.', schema: connectionSchema },
  errors: [
    'not_found',
    'conflict',
    'provider_unauthorized',
    'integration_misconfigured',
    'provider_unreachable',
    'provider_timeout',
    'provider_error',
  ],
  handle: ({ caller, params, signal }, { connections }) =>
    refreshConnection(connections, { address: addressOf(caller, params), signal }),
});
