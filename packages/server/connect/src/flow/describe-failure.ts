import type { ConnectFailure } from '../api/connect-failure.ts';
import type { MessageKey } from '../text/messages.ts';
import type { Translate } from '../text/text-context.ts';

export interface FailureText {
  readonly title: string;
  readonly text: string;
  /** What to do. */
  readonly hint: string | undefined;
  /** The server's own words, where ours stand before them. */
  readonly details: string | undefined;
  readonly requestId: string | undefined;
}

type Wording = readonly [title: MessageKey, text: MessageKey | null, hint: MessageKey];

const denied: Wording = ['deniedTitle', 'deniedText', 'deniedHint'];
const refused: Wording = ['refusedTitle', null, 'refusedHint'];
const appRefused: Wording = ['unavailableTitle', 'appMisconfiguredText', 'unavailableHint'];
const providerDown: Wording = ['failedTitle', 'providerDownText', 'providerDownHint'];
const tooMany: Wording = ['failedTitle', 'tooManyText', 'tooManyHint'];

/** Codes that a customer can meet. The server's message is for developers, so ours comes first. */
const wordings: Readonly<Record<string, Wording>> = {
  authorization_denied: denied,
  authorization_expired: ['attemptExpiredTitle', 'attemptExpiredText', 'attemptExpiredHint'],
  account_mismatch: ['mismatchTitle', 'mismatchText', 'mismatchHint'],
  credentials_invalid: refused,
  provider_unauthorized: refused,
  provider_answer_invalid: providerDown,
  integration_misconfigured: appRefused,
  provider_error: providerDown,
  provider_timeout: providerDown,
  provider_unreachable: providerDown,
  provider_rate_limited: tooMany,
  rate_limited: tooMany,
  network_failed: ['offlineTitle', 'offlineText', 'offlineHint'],
};

/** Says what went wrong and what to do, in the page's language where the code is known. */
export function describeFailure(failure: ConnectFailure, name: string, text: Translate): FailureText {
  const { message, hint, requestId } = failure;
  const wording = wordings[failure.code];
  if (!wording) return { title: text('failedTitle'), text: message, hint, details: undefined, requestId };
  const [title, body, toDo] = wording;
  const serverWords = [message, hint].filter(Boolean).join(' ');
  return {
    title: text(title, { name }),
    text: body === null ? message : text(body, { name }),
    hint: text(toDo, { name }),
    details: body === null ? hint : serverWords,
    requestId,
  };
}
