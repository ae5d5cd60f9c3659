import type { DeviceLogin } from '@tenon/runtime/contract';
import type { ApiKeyOwner } from '../api-keys/find-api-key.ts';
import { grantableScopes } from './grantable-scopes.ts';
import type { PendingLogin } from './queries/select-pending-login.ts';

const dayMs = 86_400_000;

/** A login as the owner of this key sees it. */
export function describeDeviceLogin(
  login: PendingLogin,
  { caller, now }: { caller: ApiKeyOwner; now: Date },
): DeviceLogin {
  const endMs = Math.min(now.getTime() + login.expires_in_days * dayMs, caller.expiresAt?.getTime() ?? Infinity);
  return {
    userCode: login.user_code,
    hostName: login.host_name,
    address: login.address,
    requestedAt: login.created_at.toISOString(),
    expiresAt: login.expires_at.toISOString(),
    environment: caller.environment,
    requestedScopes: login.scopes,
    grantedScopes: grantableScopes(caller.scopes, login.scopes),
    keyExpiresAt: new Date(endMs).toISOString(),
  };
}
