import { connectionSchema, patchConnectionSchema } from '@tenon/runtime/contract';
import { patchConnection } from '../../../credentials/patch-connection.ts';
import { addressOf, connectionParamsSchema } from '../../route/connection-params.ts';
import { defineRoute } from '../../route/define-route.ts';

export const patchConnectionRoute = defineRoute({
  method: 'PATCH',
  path: '/v1/connections/:integration/:connection',
  summary: "Replaces a connection's settings, metadata or credentials; what is left out stays.",
  tag: 'connections',
  access: 'key',
  scope: 'connections:write',
  audit: 'connection.update',
  params: connectionParamsSchema,
  body: patchConnectionSchema,
  answer: { status: 200, description: 'The connection.', schema: connectionSchema },
  errors: [
    'not_found',
    'credentials_invalid',
    'settings_invalid',
    'integration_misconfigured',
    'provider_unauthorized',
    'provider_unreachable',
    'provider_timeout',
    'provider_error',
  ],
  handle: ({ caller, params, body, signal }, { connections }) =>
    patchConnection(connections, addressOf(caller, params), { ...body, signal }),
});
