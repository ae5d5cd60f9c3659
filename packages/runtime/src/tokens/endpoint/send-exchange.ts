import { getGlobalDispatcher } from 'undici';
import { systemClock } from '../../request/clock.ts';
import { acceptedEncodings } from '../../request/decompress-body.ts';
import { decideRetry, isRateLimited, type AttemptFailure } from '../../request/retry-timing.ts';
import { sendOnce, type WireAnswer } from '../../request/send-once.ts';
import type { TokenContext } from '../token-context.ts';
import { createExchangeError, type ExchangeReport } from './endpoint-error.ts';

export interface ExchangeRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

export interface Exchange {
  /** What is asked, for messages, such as "token endpoint". */
  readonly endpoint: string;
  /** Makes the request of each attempt: a signed statement may be used once only. */
  build(): ExchangeRequest | Promise<ExchangeRequest>;
  /**
   * `safe`: asking twice has no other effect than asking once. `unsafe`: the first request may use up a code or a
   * refresh token; it is repeated only when it provably did nothing, which is when no connection was made, or when it
   * was refused by a rate limit. A timeout or a 5xx says nothing about what was done behind it.
   */
  readonly repeat: 'safe' | 'unsafe';
  readonly secrets: readonly string[];
}

/** An answer is a few hundred bytes; a login page that comes instead is not worth more. */
const maxAnswerBytes = 1_000_000;
/** Somebody or a lock waits for the outcome: longer attempts, more of them and longer waits help nobody. */
const longestAttemptMs = 20_000;
const maxAttempts = 3;
const maxWaitMs = 10_000;

/**
 * Sends a request about tokens. No redirect is followed: it would take the secrets elsewhere.
 * @returns an answer with a status of 200 or 400 and their like, whatever it says; others are errors
 * @throws TenonError `provider_unreachable`, `provider_timeout`, `provider_rate_limited`, `provider_error` (5xx),
 * `provider_answer_invalid` (a redirect), `provider_answer_too_large`; the signal's reason
 */
export async function sendExchange(context: TokenContext, exchange: Exchange): Promise<ExchangeReport<WireAnswer>> {
  const { provider, signal, clock = systemClock, dispatcher = getGlobalDispatcher() } = context;
  const policy = { ...provider.retry, maxAttempts: Math.min(provider.retry.maxAttempts, maxAttempts) };
  for (let attempt = 1; ; attempt += 1) {
    const { method, url, headers, body } = await exchange.build();
    const outcome = await sendOnce(
      {
        method,
        origin: url.origin,
        path: url.pathname + url.search,
        headers: {
          accept: 'application/json',
          'accept-encoding': acceptedEncodings,
          'user-agent': 'tenon',
          ...headers,
        },
        body,
        timeoutMs: Math.min(provider.requestTimeoutMs, longestAttemptMs),
        signal,
      },
      { dispatcher, maxAnswerBytes },
    );
    const report = {
      provider: provider.displayName,
      endpoint: exchange.endpoint,
      method,
      url: url.href,
      attempts: attempt,
      secrets: exchange.secrets,
    };
    let failure: AttemptFailure;
    if (outcome.kind === 'answer') {
      const { status, headers: answerHeaders } = outcome;
      const rateLimited = isRateLimited(policy, status, answerHeaders);
      if (!rateLimited && (status < 300 || (status >= 400 && status < 500))) return { ...report, outcome };
      failure = { kind: 'status', status, headers: answerHeaders, rateLimited };
    } else {
      failure = outcome;
    }
    const decision = decideRetry({
      policy,
      failure,
      method,
      // Undefined: as the method allows, and a POST may be repeated only when it was not sent or rate-limited.
      mayRepeat: exchange.repeat === 'safe' ? true : undefined,
      attempt,
      nowMs: clock.now(),
      random: Math.random(),
      maxWaitMs,
    });
    if (!decision.retry) {
      const rateLimited = failure.kind === 'status' && failure.rateLimited;
      throw createExchangeError({ ...report, outcome, askedWaitMs: decision.askedWaitMs }, { rateLimited });
    }
    await clock.wait(decision.waitMs, signal);
  }
}
