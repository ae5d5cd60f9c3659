import {
  collectedDeviceKeySchema,
  deviceLoginSchema,
  startedDeviceLoginSchema,
  type ApproveDeviceLogin,
  type CollectedDeviceKey,
  type DeviceLogin,
  type StartDeviceLogin,
  type StartedDeviceLogin,
} from '@tenon/runtime/contract';
import { anything, type HttpTransport } from '../http-transport.ts';
import type { CallLimits } from '../call-limits.ts';

/** The routes that are about logging in and out. */
export interface DeviceLoginApi {
  /** Needs no key. */
  startDeviceLogin(login: StartDeviceLogin, limits?: CallLimits): Promise<StartedDeviceLogin>;
  /** Needs no key. @throws TenonError `login_pending`, `login_slow_down`, `login_denied`, `login_expired` */
  collectDeviceKey(deviceCode: string, limits?: CallLimits): Promise<CollectedDeviceKey>;
  getDeviceLogin(userCode: string, limits?: CallLimits): Promise<DeviceLogin>;
  approveDeviceLogin(userCode: string, approval: ApproveDeviceLogin, limits?: CallLimits): Promise<DeviceLogin>;
  denyDeviceLogin(userCode: string, limits?: CallLimits): Promise<void>;
  /** The key that asks is refused from now on. */
  revokeOwnKey(limits?: CallLimits): Promise<void>;
}

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
