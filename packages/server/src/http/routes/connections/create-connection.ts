import { connectionSchema, createConnectionSchema } from '@tenon/runtime/contract';
import { createConnection } from '../../../credentials/create-connection.ts';
import { defineRoute } from '../../route/define-route.ts';

export const createConnectionRoute = defineRoute({
  method: 'POST',
  path: '/v1/connections',
  summary: "Connects a customer's account; its syncs with a schedule start at once.",
  tag: 'connections',
  access: 'key',
  scope: 'connections:write',
  audit: 'connection.create',
  body: createConnectionSchema,
  answer: { status: 201, description: 'The connection.', schema: connectionSchema },
  errors: [
    'not_found',
    'conflict',
    'credentials_invalid',
    'settings_invalid',
    'integration_misconfigured',
    'provider_unauthorized',
    'provider_unreachable',
    'provider_timeout',
    'provider_error',
  ],
  handle({ caller, body, signal }, { connections }) {
    const { id: name, ...rest } = body;
    return createConnection(connections, { ...rest, name, environmentId: caller.environmentId, signal });
  },
});
