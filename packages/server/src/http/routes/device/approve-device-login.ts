import { approveDeviceLoginSchema, deviceLoginSchema } from '@tenon/runtime/contract';
import { describeDeviceLogin } from '../../../credentials/device-logins/describe-device-login.ts';
import { decideDeviceLogin } from '../../../credentials/device-logins/decide-device-login.ts';
import { defineRoute } from '../../route/define-route.ts';
import { findAskedLogin } from './find-asked-login.ts';
import { userCodeParams } from './user-code-params.ts';

export const approveDeviceLoginRoute = defineRoute({
  method: 'POST',
  path: '/v1/device/logins/:code/approve',
  summary: "Lets a command line have a key of this key's environment, with no more scopes and no longer life.",
  tag: 'device logins',
  access: 'key',
  scope: 'keys:write',
  audit: 'login.approve',
  params: userCodeParams,
  body: approveDeviceLoginSchema,
  answer: { status: 200, description: 'It can collect its key now.', schema: deviceLoginSchema },
  errors: ['login_expired', 'forbidden'],
  async handle({ caller, params, body, address, note }, context) {
    const now = new Date(context.connections.now());
    const login = await findAskedLogin(context, { userCode: params.code, caller, address });
    const scopes = await decideDeviceLogin(
      { database: context.database, now: context.connections.now },
      { login, caller, approve: true, scopes: body.scopes },
    );
    note({ login: login.id, hostName: login.host_name, requestedFrom: login.address, scopes });
    return { ...describeDeviceLogin(login, { caller, now }), grantedScopes: scopes };
  },
});
