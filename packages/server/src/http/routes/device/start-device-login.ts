import { startDeviceLoginSchema, startedDeviceLoginSchema } from '@tenon/runtime/contract';
import { startDeviceLogin } from '../../../credentials/device-logins/start-device-login.ts';
import { clientNetwork } from '../../middleware/rate-limit/client-network.ts';
import { defineRoute } from '../../route/define-route.ts';

/** RFC 8628 section 3.1, in this API's JSON. */
export const startDeviceLoginRoute = defineRoute({
  method: 'POST',
  path: '/v1/device/authorization',
  summary: 'Starts the login of a command line, which somebody with an API key approves within ten minutes.',
  tag: 'device logins',
  access: 'public',
  // Nobody is known yet; the approval is the first row, and tells who asked from where.
  audit: false,
  body: startDeviceLoginSchema,
  answer: { status: 201, description: 'The codes of the login.', schema: startedDeviceLoginSchema },
  errors: ['rate_limited'],
  handle({ body, address }, { database, connections }) {
    return startDeviceLogin(
      { database, publicUrl: connections.publicUrl(), now: connections.now },
      { ...body, address, network: clientNetwork(address) },
    );
  },
});
