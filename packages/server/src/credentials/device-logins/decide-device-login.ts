import type { Kysely } from 'kysely';
import type { ApiScope } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import type { Schema } from '../../database/schema.ts';
import type { ApiKeyOwner } from '../api-keys/find-api-key.ts';
import { requireScopes } from '../api-keys/require-scopes.ts';
import { grantableScopes } from './grantable-scopes.ts';
import { loginOver } from './login-over.ts';
import type { PendingLogin } from './queries/select-pending-login.ts';
import { settleLogin } from './queries/settle-login.ts';

/**
 * Approves or denies a login that waits. Approving makes no key yet: that is made when it is collected.
 * @returns the scopes that the key will have; none when it is denied
 * @throws TenonError `login_expired`; `forbidden` for scopes that the caller does not have
 */
export async function decideDeviceLogin(
  { database, now }: { database: Kysely<Schema>; now: () => number },
  decision: { login: PendingLogin; caller: ApiKeyOwner; approve: boolean; scopes?: readonly ApiScope[] | undefined },
): Promise<ApiScope[]> {
  const { login, caller, approve } = decision;
  const at = { id: login.id, keyId: caller.keyId, now: new Date(now()) };
  if (!approve) {
    if (!(await settleLogin(database, { ...at, status: 'denied' }))) throw loginOver();
    return [];
  }
  const scopes = decision.scopes ? [...new Set(decision.scopes)] : grantableScopes(caller.scopes, login.scopes);
  requireScopes(caller, scopes);
  const tooMany = login.scopes.includes('admin') ? [] : scopes.filter((scope) => !login.scopes.includes(scope));
  if (tooMany.length > 0) {
    throw new TenonError('request_invalid', `The login did not ask for ${tooMany.join(', ')}.`, {
      hint: `It asks for ${login.scopes.join(', ')}.`,
      details: { problems: [{ path: 'body.scopes', message: 'expected scopes that were asked for' }] },
    });
  }
  if (scopes.length === 0) {
    throw new TenonError('forbidden', `The API key "${caller.keyName}" has none of the scopes that are asked for.`, {
      hint: `It has ${caller.scopes.join(', ')}; ${login.scopes.join(', ')} are asked for.`,
    });
  }
  if (!(await settleLogin(database, { ...at, status: 'approved', scopes }))) throw loginOver();
  return scopes;
}
