import { TenonError } from '../errors/tenon-error.ts';
import type { AuthorizationEnd } from './token-context.ts';

/** The error of a redirect that does not belong to what was asked. */
export function refuseCallback({ provider }: Pick<AuthorizationEnd, 'provider'>, problem: string): TenonError {
  return new TenonError('authorization_invalid', `${provider.displayName} sent the browser back ${problem}.`, {
    hint: 'Connect again, from the beginning.',
    details: { provider: provider.name },
  });
}

/** The error of a customer who said no. */
export function denyAuthorization({ provider }: Pick<AuthorizationEnd, 'provider'>): TenonError {
  return new TenonError(
    'authorization_denied',
    `The account at ${provider.displayName} was not connected: access was refused.`,
    {
      hint: 'Connect again and agree, or ask an administrator of the account to do so.',
      details: { provider: provider.name },
    },
  );
}

/**
 * Whether the redirect brought the state that was sent with the browser.
 * @throws TenonError `authorization_invalid`
 */
export function checkState(end: Pick<AuthorizationEnd, 'provider' | 'state' | 'callback'>): void {
  if (end.callback['state'] !== end.state) throw refuseCallback(end, 'without the state that it was sent with');
}
