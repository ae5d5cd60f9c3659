import { collectDeviceKeySchema, collectedDeviceKeySchema } from '@tenon/runtime/contract';
import { collectDeviceKey } from '../../../credentials/device-logins/collect-device-key.ts';
import { clientNetwork } from '../../middleware/rate-limit/client-network.ts';
import { defineRoute } from '../../route/define-route.ts';

/** RFC 8628 section 3.4, in this API's JSON and with this API's errors. */
export const collectDeviceKeyRoute = defineRoute({
  method: 'POST',
  path: '/v1/device/token',
  summary: 'Gives the API key of an approved login, once.',
  tag: 'device logins',
  access: 'public',
  audit: 'key.create',
  body: collectDeviceKeySchema,
  answer: { status: 201, description: 'The key, which is shown this once.', schema: collectedDeviceKeySchema },
  errors: ['login_pending', 'login_slow_down', 'login_denied', 'login_expired', 'rate_limited'],
  handle({ body, address, requestId }, { database, connections, security }) {
    security.deviceLogins.countQuestion(clientNetwork(address));
    return collectDeviceKey({ database, now: connections.now }, { ...body, address, requestId });
  },
});
