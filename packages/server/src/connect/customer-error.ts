import { TenonError, type ErrorCode } from '@tenon/runtime/errors';
import { translateDatabaseError } from '../database/translate-database-error.ts';
import type { ConnectLog } from './connect-context.ts';

/** What the customer can do about it, where the request engine speaks to developers. */
const hints: Partial<Record<ErrorCode, (failed: FailedConnect) => string>> = {
  provider_timeout: tryLater,
  provider_unreachable: tryLater,
  provider_error: tryLater,
  provider_rate_limited: tryLater,
  provider_answer_invalid: tryLater,
  provider_address_refused: ({ displayName }) =>
    `Check the address that you entered for ${displayName}: it has to be one that the internet reaches.`,
  provider_unauthorized: ({ displayName, flow }) =>
    flow === 'form'
      ? `Check that what you entered is complete, not revoked, and allowed to use ${displayName}'s API.`
      : 'Connect again, from the beginning.',
};

function tryLater({ displayName }: FailedConnect): string {
  return `Nothing was stored. Try again in a few minutes; if it stays so, see whether ${displayName} reports a disturbance.`;
}

/**
 * Instead of messages that name addresses and what is behind them: who may enter a host could look around in the
 * server's network with them.
 */
const messages: Partial<Record<ErrorCode, (failed: FailedConnect) => string>> = {
  provider_unreachable: ({ displayName }) => `${displayName} cannot be reached.`,
  provider_timeout: ({ displayName }) => `${displayName} did not answer in time.`,
  provider_address_refused: ({ displayName }) => `${displayName} is not asked at this address.`,
};

export interface FailedConnect {
  readonly displayName: string;
  readonly integration: string;
  readonly flow: 'form' | 'redirect';
  readonly log: ConnectLog;
}

/** Details that say something about the customer's own doing; others are for developers. */
const shownDetails: readonly ErrorCode[] = ['credentials_invalid', 'request_invalid'];

/**
 * An error as the customer may read it: nothing of how the integration is set up, and a hint for somebody who is not
 * the developer. What is held back goes to the log.
 */
export function toCustomerError(thrown: unknown, failed: FailedConnect): TenonError {
  const { displayName, integration, log } = failed;
  const error = translateDatabaseError(thrown);
  if (!(error instanceof TenonError)) {
    log.error({ err: thrown, integration }, 'connecting failed in a way that was not foreseen');
    return new TenonError('internal', 'The server failed in a way that it did not foresee.', {
      hint: 'Go back and try again.',
      cause: thrown,
    });
  }
  const { code, message, hint, details } = error;
  if (code === 'integration_misconfigured' || code === 'interpolation_failed' || code === 'hook_failed') {
    log.warn(
      { code, message, hint, details, integration },
      'customers cannot connect: the integration is misconfigured',
    );
    return notSetUp(displayName);
  }
  if (code.startsWith('provider_'))
    log.warn({ code, message, details, integration }, 'connecting was refused or failed');
  const customerHint = hints[code]?.(failed) ?? hint;
  return new TenonError(code, messages[code]?.(failed) ?? message, {
    ...(customerHint !== undefined && { hint: customerHint }),
    ...(details && shownDetails.includes(code) && { details }),
    cause: error,
  });
}

/** What the customer hears of an integration that lacks its client or its keys. */
export function notSetUp(displayName: string): TenonError {
  return new TenonError('integration_misconfigured', `${displayName} cannot be connected now: it is not set up here.`, {
    hint: 'Nothing is wrong with your account. Tell the people who run this application.',
  });
}
