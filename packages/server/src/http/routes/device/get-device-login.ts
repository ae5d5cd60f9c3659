import { deviceLoginSchema } from '@tenon/runtime/contract';
import { describeDeviceLogin } from '../../../credentials/device-logins/describe-device-login.ts';
import { defineRoute } from '../../route/define-route.ts';
import { findAskedLogin } from './find-asked-login.ts';
import { userCodeParams } from './user-code-params.ts';

export const getDeviceLoginRoute = defineRoute({
  method: 'GET',
  path: '/v1/device/logins/:code',
  summary: 'Shows who asks for a key, and what this key could give.',
  tag: 'device logins',
  access: 'key',
  scope: 'keys:write',
  params: userCodeParams,
  answer: { status: 200, description: 'The login, which waits.', schema: deviceLoginSchema },
  errors: ['login_expired'],
  async handle({ caller, params, address }, context) {
    const login = await findAskedLogin(context, { userCode: params.code, caller, address });
    return describeDeviceLogin(login, { caller, now: new Date(context.connections.now()) });
  },
});
