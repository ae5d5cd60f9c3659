import { connectedSchema, submitConnectionSchema } from '@tenon/runtime/contract';
import { submitConnection } from '../../../connect/submit-connection.ts';
import { defineRoute } from '../../route/define-route.ts';

export const submitConnectionRoute = defineRoute({
  method: 'POST',
  path: '/v1/connect/connections',
  summary: 'Connects with what the customer filled in; the provider is asked whether it is good.',
  tag: 'connect',
  access: 'connect',
  audit: 'connection.connect',
  connectCalls: 'provider',
  body: submitConnectionSchema,
  bodyLimit: 128 * 1024,
  answer: { status: 201, description: 'The connection, made or renewed.', schema: connectedSchema },
  errors: [
    'not_found',
    'credentials_invalid',
    'integration_misconfigured',
    'provider_unauthorized',
    'provider_unreachable',
    'provider_timeout',
    'provider_error',
  ],
  handle: ({ session, body, signal }, { connect }) => submitConnection(connect, session, { chosen: body, signal }),
});
