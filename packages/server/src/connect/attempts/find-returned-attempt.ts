import { timingSafeEqual } from 'node:crypto';
import type { ConnectContext } from '../connect-context.ts';
import { hashSecret } from '../../credentials/random-secret.ts';
import { selectAttempt, type AttemptRow } from '../storage/select-attempt.ts';
import { authorizationInvalid } from './attempt-errors.ts';

export interface ReturnedBrowser {
  /** Of the address that the provider sent it to. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The secret that the browser got for an attempt, from its cookie. */
  readonly readSecret: (attemptId: string) => string | undefined;
}

/** As this server makes them: 32 bytes in base64url. */
const statePattern = /^[A-Za-z0-9_-]{43}$/;

/**
 * The attempt that a browser came back for.
 * @returns it with the state that named it
 * @throws TenonError `authorization_invalid` without a state, with one that is unknown, and for another browser than
 *   the one that was sent away: else somebody could have others finish what he began (RFC 6749 section 10.12)
 */
export async function findReturnedAttempt(
  { connections }: ConnectContext,
  { parameters, readSecret }: ReturnedBrowser,
): Promise<{ row: AttemptRow; state: string }> {
  const named = listStates(parameters);
  if (named.length === 0) throw authorizationInvalid('The provider sent your browser back without its state.');
  const found = await selectAttempt(connections.database, { stateHashes: named.map(({ hash }) => hash) });
  const state = found && named.find(({ hash }) => hash.equals(found.state_hash))?.state;
  if (!found || state === undefined) {
    throw authorizationInvalid('Nothing was started here that this address belongs to, or it is long over.');
  }
  const secret = readSecret(found.id);
  if (secret === undefined || !timingSafeEqual(hashSecret(secret), found.browser_hash)) {
    throw authorizationInvalid('This was started in another browser, or this browser refuses cookies.');
  }
  return { row: found, state };
}

/** Some providers send it back under a name of their own (`stateParameter`): then it is known by its form. */
function listStates({ state, ...others }: Readonly<Record<string, string>>): { state: string; hash: Buffer }[] {
  const candidates = state === undefined ? Object.values(others).slice(0, 20) : [state];
  return candidates.filter((text) => statePattern.test(text)).map((text) => ({ state: text, hash: hashSecret(text) }));
}
