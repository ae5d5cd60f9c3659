import { TenonError, type TenonErrorOptions } from '../errors/tenon-error.ts';
import type { ErrorCode } from '../errors/registry.ts';
import { describeCause } from './describe-cause.ts';
import { redact } from './redact.ts';
import type { Verdict } from './judge-answer.ts';
import type { WireOutcome } from './send-once.ts';

/** What is known of a call that failed, before redaction. */
export interface FailedCall {
  /** The provider's display name. */
  readonly provider: string;
  readonly connectionId: string;
  readonly method: string;
  /** Path and query on the wire. */
  readonly path: string;
  readonly outcome: WireOutcome;
  readonly verdict: Exclude<Verdict, { kind: 'done' }>;
  readonly attempts: number;
  readonly timeoutMs: number;
  /** How long the provider asked to wait, where it did. */
  readonly askedWaitMs?: number | undefined;
  readonly secrets: readonly string[];
}

interface Description {
  code: ErrorCode;
  /** After "GitHub ... GET /path". */
  text: string;
  hint: string;
}

const excerptLength = 2_000;
/** Redaction is done before the cut, so that no half of a secret stays; more than this need not be looked at. */
const redactedLength = 16_000;

function describeStatus(status: number): string {
  return status >= 500
    ? 'The provider has a problem of its own; the run can be repeated later.'
    : 'Read details.body for what the provider says, and its API documentation for this call.';
}

function describe(call: FailedCall): Description {
  const { verdict, outcome } = call;
  const said = 'providerMessage' in verdict ? ` and the error "${verdict.providerMessage}"` : '';
  const answered = `answered with ${outcome.kind === 'answer' ? outcome.status : 'nothing'}${said}`;
  if (verdict.kind === 'unauthorized') {
    const hint = 'Connect the account again, or check that its credentials are still valid.';
    return { code: 'provider_unauthorized', text: `${answered}: it refuses the connection's credentials`, hint };
  }
  if (verdict.kind === 'unreadable') {
    const hint = "Set responseType to 'text' or 'bytes' if this answer is not meant to be JSON.";
    return {
      code: 'provider_answer_invalid',
      text: `answered with something else than JSON (${verdict.problem})`,
      hint,
    };
  }
  const { failure } = verdict;
  if (failure.kind === 'timeout') {
    const hint = 'Raise timeoutMs, or ask for less at once.';
    return { code: 'provider_timeout', text: `did not answer within ${call.timeoutMs} ms`, hint };
  }
  if (failure.kind === 'network') {
    const cause = outcome.kind === 'network' ? describeCause(outcome.cause) : '';
    const hint = 'Check the address of the provider and the network of the server.';
    return { code: 'provider_unreachable', text: `cannot be reached (${cause})`, hint };
  }
  if (failure.rateLimited) {
    const wait = call.askedWaitMs === undefined ? '' : `; it asks to wait ${Math.ceil(call.askedWaitMs / 1_000)} s`;
    const hint = 'Run this less often, or raise the rate limit with the provider.';
    return { code: 'provider_rate_limited', text: `${answered}: its rate limit is used up${wait}`, hint };
  }
  return { code: 'provider_error', text: answered, hint: describeStatus(failure.status) };
}

/** The error of a call that ended badly: method, path, status, attempts and an excerpt of the body, free of secrets. */
export function createCallError(call: FailedCall): TenonError {
  const { outcome, secrets } = call;
  const { code, text, hint } = describe(call);
  const path = redact(call.path, secrets);
  const details: Record<string, unknown> = {
    provider: call.provider,
    connection: call.connectionId,
    method: call.method,
    path,
    attempts: call.attempts,
  };
  if (outcome.kind === 'answer') {
    details['status'] = outcome.status;
    const excerpt = redact(outcome.body.toString('utf8', 0, redactedLength), secrets).slice(0, excerptLength);
    if (excerpt !== '') details['body'] = excerpt;
  }
  if ('providerMessage' in call.verdict)
    details['providerMessage'] = redact(call.verdict.providerMessage ?? '', secrets);
  if (call.askedWaitMs !== undefined) details['retryAfterMs'] = call.askedWaitMs;
  const options: TenonErrorOptions = { hint, details };
  const attempts = call.attempts > 1 ? `, after ${call.attempts} attempts` : '';
  return new TenonError(
    code,
    redact(`${call.provider} ${text} (${call.method} ${path}${attempts}).`, secrets),
    options,
  );
}
