import type {
  ApproveDeviceLogin,
  CollectedDeviceKey,
  DeviceLogin,
  StartDeviceLogin,
  StartedDeviceLogin,
} from '@tenon/runtime/contract';
import type { CallLimits } from './api-client.ts';

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
