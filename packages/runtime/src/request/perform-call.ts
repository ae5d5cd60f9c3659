import { randomBytes } from 'node:crypto';
import type { ProviderResponse, RequestOptions } from '../define/script-requests.ts';
import type { Provider } from '../provider/provider-schema.ts';
import { appendQuery, hasQueryParameter } from './address.ts';
import type { Authorisation, Authoriser } from './authoriser.ts';
import { createCallError } from './call-error.ts';
import type { Clock } from './clock.ts';
import type { EncodedBody } from './encode-body.ts';
import { sendFollowing, type FollowedOutcome } from './follow-redirects.ts';
import { judgeAnswer, type Verdict } from './judge-answer.ts';
import { readRateHeaders } from './rate-headers.ts';
import type { RatePermits } from './rate-permits.ts';
import { redact } from './redact.ts';
import type { RequestHook } from './request-hook.ts';
import type { ExchangeObserver } from './exchange-observer.ts';
import { decideRetry, type RetryDecision } from './retry-timing.ts';
import type { Transport, WireRequest } from './send-once.ts';

/** One attempt, as the run's log tells it; free of secrets. */
export interface RequestLogEntry {
  readonly method: string;
  readonly path: string;
  /** 1 for the first. */
  readonly attempt: number;
  /** Absent: no answer. */
  readonly status?: number;
  readonly durationMs: number;
  /** Size of the answer's body. */
  readonly bytes?: number;
  readonly outcome: 'done' | 'unauthorized' | 'rate_limited' | 'error' | 'unreachable' | 'timeout' | 'unreadable';
  /** Set when the call is repeated after this wait. */
  readonly retryInMs?: number;
}

/** When to wait, and how long at most. */
export interface Pace {
  readonly clock: Clock;
  readonly random: () => number;
  readonly maxWaitMs: number;
  /** Unix time in milliseconds when the run must have ended. */
  readonly deadlineAtMs?: number | undefined;
}

/** What the calls of one connection have in common. */
export interface CallContext {
  readonly provider: Provider;
  readonly connectionId: string;
  readonly transport: Transport;
  readonly authoriser: Authoriser;
  /** Changes each request just before it is signed and sent. */
  readonly beforeRequest?: RequestHook | undefined;
  readonly pace: Pace;
  /** Shared by all runs that share a limit of the provider; undefined: nobody counts. */
  readonly permits?: RatePermits | undefined;
  readonly log?: ((entry: RequestLogEntry) => void) | undefined;
  /** Is told of every request on the wire, redirects too, before the call goes on. */
  readonly observe?: ExchangeObserver | undefined;
}

export interface Call {
  readonly method: string;
  readonly origin: string;
  readonly path: string;
  /** What the provider's and the script's headers may replace. */
  readonly defaultHeaders: Readonly<Record<string, string>>;
  /** Names in lower case; they win over the provider's. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: EncodedBody;
  readonly responseType?: RequestOptions['responseType'];
  readonly timeoutMs: number;
  readonly mayRepeat?: boolean | undefined;
  readonly signal: AbortSignal;
}

function addAuthorisationQuery(path: string, { query }: Authorisation): string {
  // A next-page address often repeats the query that it was asked with.
  const missing = Object.entries(query).filter(([name]) => !hasQueryParameter(path, name));
  return missing.length === 0 ? path : appendQuery(path, Object.fromEntries(missing));
}

/**
 * Completes what is sent of one attempt, redirects too: the provider's hook changes it, then it is signed, with the time
 * of the sending and a nonce of its own. A request whose script brought an Authorization header is not signed.
 * @param secrets gets what must not be shown of the signatures
 */
function createAttemptSigner(
  { pace, beforeRequest }: CallContext,
  { headers: own }: Call,
  { authorisation, secrets }: { authorisation: Authorisation; secrets: string[] },
): ((request: WireRequest) => WireRequest | Promise<WireRequest>) | undefined {
  const sign = own['authorization'] === undefined ? authorisation.sign : undefined;
  const complete = (request: WireRequest): WireRequest => {
    if (!sign) return request;
    const signature = sign(request, { nowMs: pace.clock.now(), nonce: randomBytes(16).toString('hex') });
    secrets.push(...signature.secrets);
    const headers = { ...request.headers, ...signature.headers };
    return { ...request, headers, path: signature.path ?? request.path, unsignedPath: request.path };
  };
  if (!beforeRequest) return sign && complete;
  return async (request) => {
    const hooked = await beforeRequest(request);
    secrets.push(...hooked.secrets);
    return complete(hooked.request);
  };
}

function isOver({ expiresAtMs }: Authorisation, nowMs: number): boolean {
  return expiresAtMs !== undefined && expiresAtMs <= nowMs;
}

function nameOutcome(verdict: Verdict): RequestLogEntry['outcome'] {
  if (verdict.kind !== 'failed') return verdict.kind;
  if (verdict.failure.kind === 'network') return 'unreachable';
  if (verdict.failure.kind === 'timeout') return 'timeout';
  return verdict.failure.rateLimited ? 'rate_limited' : 'error';
}

function decide(context: CallContext, call: Call, verdict: Verdict, attempt: number): RetryDecision {
  if (verdict.kind !== 'failed') return { retry: false };
  const { clock, random, maxWaitMs, deadlineAtMs } = context.pace;
  return decideRetry({
    policy: context.provider.retry,
    failure: verdict.failure,
    method: call.method,
    mayRepeat: call.mayRepeat,
    attempt,
    nowMs: clock.now(),
    random: random(),
    maxWaitMs,
    deadlineAtMs,
  });
}

interface Attempt {
  readonly method: string;
  readonly path: string;
  readonly attempt: number;
  readonly startedMs: number;
  readonly verdict: Verdict;
  readonly decision: RetryDecision;
  readonly secrets: readonly string[];
}

function logAttempt(context: CallContext, { outcome }: FollowedOutcome, made: Attempt): void {
  context.log?.({
    method: made.method,
    path: redact(made.path, made.secrets),
    attempt: made.attempt,
    durationMs: context.pace.clock.now() - made.startedMs,
    outcome: nameOutcome(made.verdict),
    ...(outcome.kind === 'answer' ? { status: outcome.status, bytes: outcome.body.length } : {}),
    ...(made.decision.retry ? { retryInMs: made.decision.waitMs } : {}),
  });
}

/** What this answer says of the provider's limit, for all that share it. */
function reportLimit(
  { permits, provider, pace }: CallContext,
  { outcome, elsewhere }: FollowedOutcome,
  verdict: Verdict,
) {
  if (!permits || outcome.kind !== 'answer' || elsewhere) return;
  const isRefused = verdict.kind === 'failed' && verdict.failure.kind === 'status' && verdict.failure.rateLimited;
  const told = readRateHeaders(provider.retry, { headers: outcome.headers, nowMs: pace.clock.now() });
  // An error in a 200 says it as well (Slack), and other statuses name waits for other reasons (503).
  permits.report({ ...told, status: isRefused ? 429 : outcome.status, isRefused });
}

/**
 * Makes one call: authorises, sends, and repeats as the provider's retry facts say. A credential that is refused, or
 * whose time is over, is renewed once; that is no failed attempt of the call, and safe for every method, as a refused
 * request had no effect. (Signed requests with old keys are often refused as forbidden, which does not tell why.)
 * @throws TenonError `provider_*`, or the signal's reason
 */
export async function performCall(context: CallContext, call: Call): Promise<ProviderResponse> {
  const { authoriser, observe, pace, provider } = context;
  let renewed = false;
  for (let attempt = 1; ; attempt += 1) {
    await context.permits?.take({ ...pace, signal: call.signal });
    const startedMs = pace.clock.now();
    let authorisation = authoriser.current();
    if (!renewed && isOver(authorisation, startedMs)) {
      renewed = true;
      if (await authoriser.renew(authorisation)) authorisation = authoriser.current();
    }
    const signatures: string[] = [];
    const path = addAuthorisationQuery(call.path, authorisation);
    const followed = await sendFollowing(
      {
        method: call.method,
        origin: call.origin,
        path,
        headers: { ...call.defaultHeaders, ...authorisation.headers, ...call.headers },
        body: call.body.bytes,
        timeoutMs: call.timeoutMs,
        signal: call.signal,
      },
      context.transport,
      {
        sign: createAttemptSigner(context, call, { authorisation, secrets: signatures }),
        observe:
          observe && ((sent, outcome) => observe({ sent, outcome, ownHeaders: call.headers, secrets: signatures })),
      },
    );
    const verdict = judgeAnswer(provider, followed, call.responseType);
    reportLimit(context, followed, verdict);
    const decision = decide(context, call, verdict, attempt);
    const secrets = [...authoriser.secrets(), ...signatures];
    logAttempt(context, followed, { method: call.method, path, attempt, startedMs, verdict, decision, secrets });
    if (verdict.kind === 'done') return verdict.response;
    if (verdict.kind === 'unauthorized' && !renewed) {
      renewed = true;
      if (await authoriser.renew(authorisation)) continue;
    }
    if (decision.retry) {
      await pace.clock.wait(decision.waitMs, call.signal);
      continue;
    }
    throw createCallError({
      provider: provider.displayName,
      connectionId: context.connectionId,
      method: call.method,
      path,
      outcome: followed.outcome,
      verdict,
      attempts: attempt,
      timeoutMs: call.timeoutMs,
      askedWaitMs: decision.askedWaitMs,
      secrets,
    });
  }
}
