import type { Capture } from '../../provider/auth/capture.ts';
import { captureAccount } from '../capture-account.ts';
import { checkState, denyAuthorization } from '../check-callback.ts';
import { requireMode } from '../require-mode.ts';
import type { AuthorizationEnd, AuthorizedAccount } from '../token-context.ts';
import { checkOwnership } from './check-ownership.ts';
import { askInstallationToken } from './ask-installation-token.ts';

function captureFrom(capture: Capture, isTaken: (from: Capture[string]['from']) => boolean): Capture {
  return Object.fromEntries(Object.entries(capture).filter(([, { from }]) => isTaken(from)));
}

/**
 * Takes over an installation: reads which one it is, checks that it is the customer's, and makes its first token.
 * @throws TenonError `authorization_invalid` for a redirect that does not belong here or an installation of others,
 *   `authorization_denied`, and what `askInstallationToken` throws
 */
export async function completeInstallation(end: AuthorizationEnd): Promise<AuthorizedAccount> {
  const auth = requireMode(end.provider, 'app');
  const { callback } = end;
  checkState({ ...end, callback: { ...callback, state: callback[auth.stateParameter] ?? '' } });
  if (callback['error'] !== undefined) throw denyAuthorization(end);
  const named = await captureAccount(end, {
    capture: captureFrom(auth.capture, (from) => from === 'callback'),
    callback,
    credential: {},
  });
  // What is known of the account from here on names the installation.
  const account = { ...end, config: { ...end.config, ...named } };
  if (auth.ownership) await checkOwnership(account, auth.ownership);
  const { token, answer } = await askInstallationToken(account);
  const told = await captureAccount(account, {
    capture: captureFrom(auth.capture, (from) => from !== 'callback'),
    token: answer,
    credential: { accessToken: token.accessToken },
  });
  return { token, captured: { ...named, ...told } };
}
