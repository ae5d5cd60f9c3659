import type { ApiKeyOwner } from '../../../credentials/api-keys/find-api-key.ts';
import { loginOver } from '../../../credentials/device-logins/login-over.ts';
import {
  selectPendingLogin,
  type PendingLogin,
} from '../../../credentials/device-logins/queries/select-pending-login.ts';
import type { AppContext } from '../../app-context.ts';
import { clientNetwork } from '../../middleware/rate-limit/client-network.ts';

/**
 * The login of a code, for whoever decides about it. Wrong codes are counted, by key and by network.
 * @throws TenonError `login_expired`, `rate_limited`
 */
export async function findAskedLogin(
  { database, connections, security }: Pick<AppContext, 'database' | 'connections' | 'security'>,
  { userCode, caller, address }: { userCode: string; caller: ApiKeyOwner; address: string },
): Promise<PendingLogin> {
  const guesser = [`key ${caller.keyId}`, clientNetwork(address)];
  security.deviceLogins.requirePatience(guesser);
  const login = await selectPendingLogin(database, { userCode, now: new Date(connections.now()) });
  if (login) return login;
  security.deviceLogins.countWrongCode(guesser);
  throw loginOver();
}
