import { decideDeviceLogin } from '../../../credentials/device-logins/decide-device-login.ts';
import { defineRoute } from '../../route/define-route.ts';
import { findAskedLogin } from './find-asked-login.ts';
import { userCodeParams } from './user-code-params.ts';

export const denyDeviceLoginRoute = defineRoute({
  method: 'POST',
  path: '/v1/device/logins/:code/deny',
  summary: 'Tells a command line that it gets no key.',
  tag: 'device logins',
  access: 'key',
  scope: 'keys:write',
  audit: 'login.deny',
  params: userCodeParams,
  answer: { status: 204, description: 'It gets no key.' },
  errors: ['login_expired'],
  async handle({ caller, params, address, note }, context) {
    const login = await findAskedLogin(context, { userCode: params.code, caller, address });
    note({ login: login.id, hostName: login.host_name, requestedFrom: login.address });
    await decideDeviceLogin(
      { database: context.database, now: context.connections.now },
      { login, caller, approve: false },
    );
  },
});
