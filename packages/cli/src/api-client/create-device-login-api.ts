import { collectedDeviceKeySchema, deviceLoginSchema, startedDeviceLoginSchema } from '@tenon/runtime/contract';
import { z } from 'zod';
import type { DeviceLoginApi } from './device-login-api.ts';
import type { HttpTransport } from './http-transport.ts';

/** For routes whose answer nobody reads. */
const anything = z.unknown();

/** The routes that are about logging in and out. */
export function createDeviceLoginApi(http: HttpTransport): DeviceLoginApi {
  const loginOf = (userCode: string) => ['device', 'logins', userCode];
  return {
    startDeviceLogin: (login, limits) =>
      http.call(
        { ...limits, method: 'POST', path: ['device', 'authorization'], body: login },
        startedDeviceLoginSchema,
      ),
    collectDeviceKey: (deviceCode, limits) =>
      http.call(
        { ...limits, method: 'POST', path: ['device', 'token'], body: { deviceCode } },
        collectedDeviceKeySchema,
      ),
    getDeviceLogin: (userCode, limits) =>
      http.call({ ...limits, method: 'GET', path: loginOf(userCode) }, deviceLoginSchema),
    approveDeviceLogin: (userCode, approval, limits) =>
      http.call(
        { ...limits, method: 'POST', path: [...loginOf(userCode), 'approve'], body: approval },
        deviceLoginSchema,
      ),
    async denyDeviceLogin(userCode, limits) {
      await http.call({ ...limits, method: 'POST', path: [...loginOf(userCode), 'deny'] }, anything);
    },
    async revokeOwnKey(limits) {
      await http.call({ ...limits, method: 'DELETE', path: ['keys', 'current'] }, anything);
    },
  };
}
