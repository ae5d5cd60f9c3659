import { TenonError } from '@tenon/runtime/errors';
import type { Credentials, Provider, ProviderToken } from '@tenon/runtime/provider';
import type { DeployedProvider } from '../../deployments/deployed-provider.ts';
import type { ConnectionContext } from '../connection-context.ts';
import type { StoredToken } from '../seal-secrets.ts';
import { mergeToken } from './merge-token.ts';
import { wayToToken } from './token-use.ts';

/** A token request that takes longer than this has failed. */
export const providerDeadlineMs = 30_000;

/** How long a claim to ask stands: the provider's deadline, and time to store what it answered. */
export const defaultLeaseMs = providerDeadlineMs + 10_000;

/** There is no way to another token; asking again cannot change that. */
export class NotRenewable extends TenonError {
  constructor({ displayName }: Provider) {
    super('provider_unauthorized', `The access token of ${displayName} ended, and there is no way to another.`, {
      hint: 'The customer has to connect again: the provider gave no refresh token.',
    });
  }
}

export interface TokenQuestion {
  readonly environmentId: number;
  readonly provider: DeployedProvider;
  readonly integration: Readonly<Record<string, string>>;
  readonly config: Readonly<Record<string, string>>;
  readonly credentials: Credentials;
  /** The one there is. */
  readonly token: StoredToken | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Gets another token: with the refresh token where customers consented, else with the stored credentials.
 * @returns what is to be kept; nothing is stored yet
 * @throws TenonError `provider_unauthorized` when there is no way to another token, and what the runtime's tokens throw;
 *   `provider_timeout` after 30 s
 */
export async function askProvider(
  context: Pick<ConnectionContext, 'access' | 'now'>,
  question: TokenQuestion,
): Promise<StoredToken> {
  return (await ask(context, question, { isFirst: false })).token;
}

/**
 * The same for an account that is connected now: with what the provider tells of it, where its token is obtained here.
 * @throws TenonError also `provider_answer_invalid` when the provider does not tell what it was to
 */
export function askAccount(
  context: Pick<ConnectionContext, 'access' | 'now'>,
  question: TokenQuestion,
): Promise<AskedAccount> {
  return ask(context, question, { isFirst: true });
}

export interface AskedAccount {
  readonly token: StoredToken;
  /** Values of the connection. */
  readonly captured: Readonly<Record<string, string>>;
}

async function ask(
  { access, now }: Pick<ConnectionContext, 'access' | 'now'>,
  question: TokenQuestion,
  { isFirst }: { isFirst: boolean },
): Promise<AskedAccount> {
  const { environmentId, provider, integration, config, credentials, token } = question;
  const way = wayToToken(provider, credentials, token);
  if (way === 'none') throw new NotRenewable(provider);
  const deadline = AbortSignal.timeout(providerDeadlineMs);
  const signal = question.signal ? AbortSignal.any([question.signal, deadline]) : deadline;
  const request = { environmentId, provider, integration, config, credentials, signal };
  try {
    let captured: AskedAccount['captured'] = {};
    let answer: ProviderToken;
    if (way === 'renew' && token) answer = await access.renewToken({ ...request, token });
    else if (isFirst) ({ token: answer, captured } = await access.obtainAccount(request));
    else answer = await access.obtainToken(request);
    if (answer.accessToken.trim() === '') throw blankToken(provider);
    return { token: mergeToken(provider.auth, answer, { previous: token, nowMs: now() }), captured };
  } catch (error) {
    throw deadline.aborted && !(error instanceof TenonError) ? timedOut(provider, error) : error;
  }
}

function blankToken({ displayName }: Provider): TenonError {
  return new TenonError('provider_answer_invalid', `${displayName} answered with an empty access token.`, {
    hint: 'The token that there was is kept; it will be tried again.',
  });
}

function timedOut({ displayName }: Provider, cause: unknown): TenonError {
  return new TenonError(
    'provider_timeout',
    `${displayName} gave no token within ${providerDeadlineMs / 1_000} seconds.`,
    { hint: "Look at the provider's status page. It will be tried again.", cause },
  );
}
